import { z } from 'zod';
import { fromBase64 } from '#libs/encoding';
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
 * tells an auditor from when on earlier statements deserve doubt.
 */
export const KeyRevocation = z.strictObject({
  operator: Operator,
  builder: Id,
  key: Bytes32,
  reason: RevocationReason,
  since: Moment,
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
 * Reads a revocation. Whose the key is, is for the history to say.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT, WRONG_OPERATOR and the
 *   codes of `checkPublicKey`
 */
export function readKeyRevocation(statement: Statement): KeyRevocation {
  const revocation = readPredicate(statement, KEY_REVOCATION, KeyRevocation);
  checkSubjects(statement, revocation.key);
  checkOperator(revocation.operator);
  checkPublicKey(fromBase64(revocation.key));
  return revocation;
}
