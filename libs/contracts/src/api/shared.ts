import type { Answer } from './operation.js';
import type { ProblemCode } from './problem-codes.js';

/** To whoever has the newest already. */
export const Nothing: Answer = { description: 'Nothing has changed since' };

/** What may be wrong with a proposal, or with reading it. */
export const GOVERNANCE = [
  ...(['invalid-argument', 'not-an-election', 'not-ic-os', 'payload-blanked'] as const),
  ...(['malformed-payload', 'unreachable', 'uncertified', 'certificate-outdated'] as const),
  ...(['rejected', 'malformed-answer'] as const),
] as const satisfies readonly ProblemCode[];

/** What may be wrong with whom a round invites. */
export const CHOOSING = [
  ...(['bad-threshold', 'threshold-too-low', 'threshold-out-of-reach'] as const),
  ...(['roster-unusable', 'roster-changed', 'unknown-builder', 'builder-not-active'] as const),
  ...(['key-not-active', 'too-many-builders', 'round-too-large', 'ask-unmet'] as const),
] as const satisfies readonly ProblemCode[];

/** What may be wrong with a record of an operator about a builder's keys. */
export const KEY_RECORD = [
  ...(['unreadable', 'out-of-order', 'foreign-signature', 'foreign-operator'] as const),
  ...(['foreign-builder', 'known-key', 'unknown-key', 'already-rotated'] as const),
  ...(['already-revoked', 'retired', 'no-old-signature', 'log-corrupt', 'log-behind'] as const),
] as const satisfies readonly ProblemCode[];
