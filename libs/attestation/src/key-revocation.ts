import { z } from 'zod';
import { fromBase64 } from '#libs/encoding';
import { AttestationError } from './error.js';
import { checkPublicKey } from './key-check.js';
import { checkOperator, checkSubjects, keySubjects, Moment, Operator } from './key-set.js';
import { Bytes32, Id, readPredicate, type Statement } from './statement.js';
import { KEY_REVOCATION, STATEMENT_TYPE } from './type-uri.js';

/**
 * Why a key ends. `compromised`: somebody else may hold it. `lost`: nobody holds it. `retired`: its
 * builder ends with it. `superseded`: another key takes its place.
 */
export const RevocationReason = z.enum(['compromised', 'lost', 'retired', 'superseded']);
export type RevocationReason = z.infer<typeof RevocationReason>;

/**
 * An operator's word that an attestation key, and the witness and NATS keys that came with it, are
 * not to be believed any more. Signed by the operator's key. What counts is its log index; `since`
 * tells people from when on earlier statements deserve doubt, and `sinceIndex`, for a key that is
 * compromised, tells auditors from which log index on they are void.
 */
export const KeyRevocation = z.strictObject({
  operator: Operator,
  builder: Id,
  key: Bytes32,
  reason: RevocationReason,
  since: Moment,
  sinceIndex: z.number().int().min(0).optional(),
});
export type KeyRevocation = z.infer<typeof KeyRevocation>;

/** Makes the statement that revokes a key. */
export function keyRevocationStatement(revocation: KeyRevocation): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: keySubjects(revocation.key),
    predicateType: KEY_REVOCATION,
    predicate: revocation,
  };
}

/**
 * Reads a revocation; only one of a compromised key can name an earlier index. Whose the key is, is
 * for the history to say.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT, WRONG_OPERATOR and the
 *   codes of `checkPublicKey`
 */
export function readKeyRevocation(statement: Statement): KeyRevocation {
  const revocation = readPredicate(statement, KEY_REVOCATION, KeyRevocation);
  checkSubjects(statement, revocation.key);
  checkOperator(revocation.operator);
  checkPublicKey(fromBase64(revocation.key));
  const { reason, sinceIndex } = revocation;
  if (sinceIndex !== undefined && reason !== 'compromised') {
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      `a key that is ${reason} takes nothing back: only a compromised one has a sinceIndex`,
    );
  }
  return revocation;
}
