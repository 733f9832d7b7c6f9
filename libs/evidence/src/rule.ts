import type { ArtifactVerdict, Verdict } from '#libs/consensus';

/** What `verify` asks, in the order in which it says so. */
export const RULES = [
  'evidence',
  'decided',
  'witnesses',
  'tree-size',
  'age',
  'whole-log',
  'countersignatures',
  'votes',
  'group-limit',
  'work-shown',
  'distinct-virtualisation',
  'distinct-hosts',
] as const;
export type Rule = (typeof RULES)[number];

/** Whether a rule is kept, and what speaks for it. */
export interface RuleResult {
  readonly rule: Rule;
  /** Null for what is asked of the whole round. */
  readonly artifact: string | null;
  readonly isKept: boolean;
  readonly message: string;
  /** Log indexes of the entries that it rests on. */
  readonly evidence: readonly number[];
}

/** An artifact under the auditor's policy. */
export interface AuditedArtifact extends ArtifactVerdict {
  /** Whether the policy asks for it. */
  readonly isRequired: boolean;
}

/** Verdicts that are no, not merely not yet. */
export const CONTRARY: ReadonlySet<Verdict> = new Set(['contradicted', 'split']);
