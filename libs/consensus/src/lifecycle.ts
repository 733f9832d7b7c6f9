import { quote } from '#libs/encoding';
import { ConsensusError } from './error.js';
import type { Phase } from './verdict.js';

/** What can be logged of a round after it was opened. */
export type RoundEvent = 'amend' | 'decline' | 'commit' | 'close' | 'reveal' | 'verdict';

/** What an event does in a phase: whether it counts, and where the round stands after it. */
export interface Transition {
  readonly to: Phase;
  /** What has to hold of the round besides its phase: `not-blind` for rounds that hide nothing. */
  readonly guard?: 'not-blind';
  /**
   * `late` and `uncounted` entries stay in the log as evidence and change no vote. A verdict names who
   * was late; of what is uncounted it could not know.
   */
  readonly effect: 'counts' | 'late' | 'uncounted';
}

/**
 * The life of a round. What a cell forbids never enters the log: a reveal before the close of a
 * blind round would tell builders that have not committed what others got; builders that are added
 * once results are on their way could be chosen for what they will say; a second close or verdict
 * would let the coordinator choose between two ends. A decline spares a wait, and after the close nobody
 * waits for commits any more.
 */
export const LIFECYCLE: Readonly<Record<Phase, Readonly<Record<RoundEvent, Transition | null>>>> = {
  open: {
    amend: { to: 'open', effect: 'counts' },
    decline: { to: 'open', effect: 'counts' },
    commit: { to: 'open', effect: 'counts' },
    close: { to: 'revealing', effect: 'counts' },
    reveal: { to: 'open', effect: 'counts', guard: 'not-blind' },
    verdict: null,
  },
  revealing: {
    amend: null,
    decline: null,
    commit: { to: 'revealing', effect: 'late' },
    close: null,
    reveal: { to: 'revealing', effect: 'counts' },
    verdict: { to: 'final', effect: 'counts' },
  },
  final: {
    amend: null,
    decline: null,
    commit: { to: 'final', effect: 'uncounted' },
    close: null,
    reveal: { to: 'final', effect: 'uncounted' },
    verdict: null,
  },
};

/**
 * Applies the table.
 *
 * @param isBlind - what RoundOpen says; a round of which nothing is known is blind
 * @throws ConsensusError FORBIDDEN_TRANSITION where the table has no cell, or its guard does not hold
 */
export function advance(phase: Phase, event: RoundEvent, isBlind = true): Transition {
  const transition = LIFECYCLE[phase][event];
  const isGuarded = transition?.guard === 'not-blind' && isBlind;
  if (transition !== null && !isGuarded) return transition;
  throw new ConsensusError(
    'FORBIDDEN_TRANSITION',
    `a round that is ${phase} takes no ${quote(event)}`,
  );
}
