import type { DeclineReason, ExclusiveHours } from '#libs/attestation';
import type { AgentMood } from '#libs/contracts';
import { nextOpening } from './exclusive-hours.js';

/** How an agent stands when a round is dispatched to it. */
export interface Standing {
  readonly mood: AgentMood;
  readonly hours: ExclusiveHours | null;
  /** Rounds that it has taken and not built. */
  readonly waiting: number;
  readonly mostWaiting: number;
}

/**
 * Says why a round that was just dispatched is declined; null where it is taken. Whoever declines at
 * once can be replaced: nobody waits for its deadline.
 */
export function refusalOf(
  { mood, hours, waiting, mostWaiting }: Standing,
  closesAt: Date,
  now: Date,
): DeclineReason | null {
  if (mood !== 'ready') return mood;
  if (hours !== null && nextOpening(hours, now) >= closesAt) return 'outside-hours';
  return waiting >= mostWaiting ? 'busy' : null;
}

/** What a machine cannot do for one commit, as a reason to decline; null where it is a failure. */
export function declineReasonOf(stage: string, failureClass: string): DeclineReason | null {
  if (stage !== 'preflight') return null;
  switch (failureClass) {
    case 'out-of-space':
      return 'not-enough-disk';
    case 'out-of-memory':
      return 'not-enough-memory';
    case 'missing-tool':
      return 'unsupported-era';
    default:
      return null;
  }
}
