import type { BuilderStatus } from '#libs/contracts';

/** What can happen to a builder. `finish`: one that drains has nothing left to do. */
export const BUILDER_EVENTS = [
  'apply',
  'approve',
  'pause',
  'resume',
  'drain',
  'finish',
  'retire',
  'revoke',
] as const;
export type BuilderEvent = (typeof BUILDER_EVENTS)[number];

/** Where each event leads; what is not listed is forbidden. */
const TRANSITIONS: Readonly<
  Record<BuilderStatus, Readonly<Partial<Record<BuilderEvent, BuilderStatus>>>>
> = {
  applied: { apply: 'applied', approve: 'active', retire: 'retired', revoke: 'revoked' },
  active: {
    ...{ apply: 'active', approve: 'active', resume: 'active' },
    ...{ pause: 'paused', drain: 'draining', retire: 'retired', revoke: 'revoked' },
  },
  paused: {
    ...{ apply: 'paused', pause: 'paused', resume: 'active' },
    ...{ drain: 'draining', retire: 'retired', revoke: 'revoked' },
  },
  draining: {
    ...{ apply: 'draining', drain: 'draining', resume: 'active' },
    ...{ finish: 'retired', retire: 'retired', revoke: 'revoked' },
  },
  retired: { apply: 'applied', retire: 'retired', revoke: 'revoked' },
  revoked: { revoke: 'revoked' },
};

/** Gives the status that an event leads to; null where it is forbidden. */
export function statusAfter(status: BuilderStatus, event: BuilderEvent): BuilderStatus | null {
  return TRANSITIONS[status][event] ?? null;
}

/** Says whether a builder of this status is connected: it may have something to finish. */
export function isServing(status: BuilderStatus): boolean {
  return status === 'active' || status === 'paused' || status === 'draining';
}
