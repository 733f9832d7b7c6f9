import {
  AttestationError,
  openKeyRecord,
  readKeyEvent,
  signedPartsOf,
  type Envelope,
  type KeyEvent,
  type KeyRecord,
  type Operator,
} from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import { spell } from '../log/spelled-envelope.js';
import { keyProblem } from './key-problems.js';

/** A record whose signature was verified, in the one spelling in which it is logged. */
export interface OfferedRecord {
  readonly envelope: Envelope;
  readonly envelopeSha256: string;
  readonly record: KeyRecord;
  readonly event: KeyEvent;
  readonly operator: Operator;
  readonly builder: string;
}

/**
 * Verifies a record of an operator. Whether it changes anything is for the history to say.
 *
 * @throws ProblemError unreadable, foreign-signature
 */
export function readOffered(submitted: Envelope): OfferedRecord {
  try {
    const record = openKeyRecord(submitted, 0);
    const event = readKeyEvent(record.statement);
    const { operator, builder } = event.said;
    const { envelope, sha256 } = spell(signedPartsOf(submitted), fromBase64(operator.publicKey));
    return { envelope, envelopeSha256: sha256, record, event, operator, builder };
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    if (cause.code === 'BAD_SIGNATURE') {
      throw keyProblem('foreign-signature', 'another key signed this than it names', cause);
    }
    throw keyProblem('unreadable', `${cause.code}: ${cause.message}`, cause);
  }
}
