import {
  AttestationError,
  openEnvelopeAsync,
  parseStatement,
  readReveal,
  signedPartsOf,
  type Envelope,
  type Reveal,
} from '#libs/attestation';
import type { RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { spell, type SpelledEnvelope } from '../log/spelled-envelope.js';

/** A builder's word on what it had seen when it showed its result, after its signature was verified. */
export interface IncomingReveal extends SpelledEnvelope {
  readonly reveal: Reveal;
}

/** Whose reveal it has to be. */
export interface RevealAddress {
  /** The key that the result was verified with. */
  readonly key: Uint8Array;
  readonly round: string;
  readonly builder: string;
}

/**
 * Verifies a reveal against the result that it came with.
 *
 * @throws AttestationError BAD_SIGNATURE, MALFORMED_STATEMENT, WRONG_KIND, WRONG_ROUND, WRONG_BUILDER
 */
export async function verifyReveal(
  envelope: Envelope,
  { key, round, builder }: RevealAddress,
): Promise<IncomingReveal> {
  const payload = await openEnvelopeAsync(envelope, key);
  const reveal = readReveal(parseStatement(payload));
  if (reveal.round !== round) {
    throw new AttestationError('WRONG_ROUND', `the reveal is of round ${reveal.round}`);
  }
  if (reveal.builder !== builder) {
    throw new AttestationError('WRONG_BUILDER', `the reveal is of builder ${reveal.builder}`);
  }
  return { reveal, ...spell(signedPartsOf(envelope), key) };
}

/**
 * Holds a reveal against what is logged of its round. How many witnesses signed its checkpoint is no
 * matter here: what a builder saw is recorded as it was.
 *
 * @throws AttestationError WRONG_ROUND
 */
export function checkReveal(
  { commitment, commitIndex, closeIndex }: Reveal,
  row: Pick<RoundEntity, 'closeIndex'>,
  seat: RoundBuilderEntity,
): void {
  if (commitment !== seat.commitment) {
    throw new AttestationError(
      'WRONG_ROUND',
      `the reveal is not of what builder ${seat.builder} committed to`,
    );
  }
  if (commitIndex === seat.commitIndex && closeIndex === row.closeIndex) return;
  const [commit, close] = [seat.commitIndex ?? 'none', row.closeIndex ?? 'none'];
  throw new AttestationError(
    'WRONG_ROUND',
    `the reveal names commit ${commitIndex} and close ${closeIndex}: the log has ${commit} and ${close}`,
  );
}
