import { AttestationError } from '#libs/attestation';
import { advance, ConsensusError } from '#libs/consensus';
import type { RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { checkReveal } from './incoming-reveal.js';
import type { SpelledEnvelope } from '../log/spelled-envelope.js';
import type { CheckedEnvelope } from './incoming.js';

/** Where a builder stood in its round before an envelope came. */
export interface Seat {
  readonly row: Pick<RoundEntity, 'id' | 'phase' | 'closeIndex'>;
  readonly seat: RoundBuilderEntity;
}

/**
 * Decides what a verified envelope changes for its builder.
 *
 * @throws ConsensusError FORBIDDEN_TRANSITION, AttestationError WRONG_ROUND
 */
export function seatChange(
  { row, seat }: Seat,
  { incoming, open }: Pick<CheckedEnvelope, 'incoming' | 'open'>,
): Partial<RoundBuilderEntity> {
  if (incoming.kind === 'decline') return declineChange(row, seat, incoming.decline.reason);
  if (incoming.kind === 'commit') return commitChange(row, seat, incoming.commit.commitment);
  const { reveal } = incoming;
  const change = resultChange(row, seat, incoming, open.blind);
  if (reveal !== null) checkReveal(reveal.reveal, row, seat);
  return change;
}

/** @throws ConsensusError FORBIDDEN_TRANSITION after the close, after a commit, and for a second one */
function declineChange(
  row: Seat['row'],
  seat: RoundBuilderEntity,
  reason: string,
): Partial<RoundBuilderEntity> {
  advance(row.phase, 'decline');
  if (seat.commitment === null && seat.declineReason === null) return { declineReason: reason };
  // What was promised stays promised: a result that turns out to be unwelcome is not to be taken back.
  const before = seat.commitment === null ? 'declined' : 'committed';
  throw new ConsensusError(
    'FORBIDDEN_TRANSITION',
    `builder ${seat.builder} has already ${before} in this round`,
  );
}

/** @throws ConsensusError FORBIDDEN_TRANSITION for a second commit */
function commitChange(
  row: Seat['row'],
  seat: RoundBuilderEntity,
  commitment: string,
): Partial<RoundBuilderEntity> {
  if (seat.commitment !== null) {
    // A second try after seeing who else committed would undo the blindness.
    throw new ConsensusError(
      'FORBIDDEN_TRANSITION',
      `builder ${seat.builder} has already committed to something else in this round`,
    );
  }
  return { commitment, isLate: advance(row.phase, 'commit').effect !== 'counts' };
}

/**
 * @throws ConsensusError FORBIDDEN_TRANSITION before a blind round's close, and for a second result;
 *   AttestationError WRONG_ROUND for one that was not committed to
 */
function resultChange(
  row: Seat['row'],
  seat: RoundBuilderEntity,
  { sha256, paeSha256 }: Pick<SpelledEnvelope, 'sha256' | 'paeSha256'>,
  isBlind: boolean,
): Partial<RoundBuilderEntity> {
  const { effect } = advance(row.phase, 'reveal', isBlind);
  if (seat.resultSha256 !== null) {
    // A key can sign one statement any number of times, each with other bytes and a leaf of its own.
    throw new ConsensusError(
      'FORBIDDEN_TRANSITION',
      `builder ${seat.builder} has already shown its result in this round`,
    );
  }
  if (seat.commitment !== paeSha256) {
    throw new AttestationError(
      'WRONG_ROUND',
      `the result is not what builder ${seat.builder} committed to`,
    );
  }
  return {
    resultSha256: sha256,
    isCounted: effect === 'counts' && !seat.isLate,
  };
}
