import { quote } from '#libs/encoding';
import { ConsensusError } from './error.js';
import type { Phase } from './verdict.js';

/** What can be logged of a round after it was opened. */
export type RoundEvent = 'commit' | 'close' | 'reveal' | 'verdict';

/** What an event does in a phase: whether it counts, and where the round stands after it. */
export interface Transition {
  readonly to: Phase;
  /** `late` and `uncounted` entries stay in the log as evidence and change no vote. */
  readonly effect: 'counts' | 'late' | 'uncounted';
}

/**
 * The life of a round. What a cell forbids never enters the log: a reveal before the close would
 * tell builders that have not committed what others got; a second close or verdict would let the
 * coordinator choose between two ends.
 */
export const LIFECYCLE: Readonly<Record<Phase, Readonly<Record<RoundEvent, Transition | null>>>> = {
  open: {
    commit: { to: 'open', effect: 'counts' },
    close: { to: 'revealing', effect: 'counts' },
    reveal: null,
    verdict: null,
  },
  revealing: {
    commit: { to: 'revealing', effect: 'late' },
    close: null,
    reveal: { to: 'revealing', effect: 'counts' },
    verdict: { to: 'final', effect: 'counts' },
  },
  final: {
    commit: { to: 'final', effect: 'late' },
    close: null,
    reveal: { to: 'final', effect: 'uncounted' },
    verdict: null,
  },
};

/**
 * Applies the table.
 *
 * @throws ConsensusError FORBIDDEN_TRANSITION where the table has no cell
 */
export function advance(phase: Phase, event: RoundEvent): Transition {
  const transition = LIFECYCLE[phase][event];
  if (transition !== null) return transition;
  throw new ConsensusError(
    'FORBIDDEN_TRANSITION',
    `a round that is ${phase} takes no ${quote(event)}`,
  );
}
