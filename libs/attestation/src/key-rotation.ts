import { z } from 'zod';
import { fromBase64 } from '#libs/encoding';
import { checkPossession, Proof, provePossession } from './key-possession.js';
import {
  checkKeys,
  checkOperator,
  checkPeriod,
  checkSubjects,
  KEY_SET_FIELDS,
  keySubjects,
  rawKeysOf,
} from './key-set.js';
import type { Signer } from './signer.js';
import { Bytes32, Label, readPredicate, type Statement } from './statement.js';
import { KEY_ROTATION, STATEMENT_TYPE } from './type-uri.js';

/**
 * New keys for a builder that keeps its id. Signed by the operator's key, with the old attestation
 * key's signature inside: neither of the two can rotate alone. All three keys are new, because
 * whoever reached one could reach the others.
 */
export const KeyRotation = z.strictObject({
  ...KEY_SET_FIELDS,
  /** The attestation key that ends here. */
  oldKey: Bytes32,
  reason: Label,
  proofs: z.strictObject({
    /** Null where the old key is lost or stolen: such a rotation counts only once it is revoked. */
    old: Proof.nullable(),
    attestation: Proof,
    witness: Proof,
    nats: Proof,
  }),
});
export type KeyRotation = z.infer<typeof KeyRotation>;

/** What the keys of a rotation agree to: all of it but their proofs. */
export type KeyRotationClaim = Omit<KeyRotation, 'proofs'>;

/** Signs a rotation with the old attestation key, where it is at hand, and with each new key. */
export function proveRotation(
  claim: KeyRotationClaim,
  signers: Readonly<Record<'attestation' | 'witness' | 'nats', Signer>> & {
    readonly old: Signer | null;
  },
): KeyRotation {
  const prove = (place: 'attestation' | 'witness' | 'nats'): string =>
    provePossession(KEY_ROTATION, place, claim, signers[place]);
  const { old } = signers;
  const proofs = {
    old: old === null ? null : provePossession(KEY_ROTATION, 'old', claim, old),
    attestation: prove('attestation'),
    witness: prove('witness'),
    nats: prove('nats'),
  };
  return { ...claim, proofs };
}

/** Makes the statement that rotates a builder's keys. */
export function keyRotationStatement(rotation: KeyRotation): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: keySubjects(rotation.oldKey, rotation.keys.attestation),
    predicateType: KEY_ROTATION,
    predicate: rotation,
  };
}

/**
 * Reads a rotation and refuses one that its keys did not agree to. Whose the old key is, and whether
 * its signature may be missing, is for the history to say.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT, WRONG_OPERATOR,
 *   SHARED_KEY, BAD_PROOF and the codes of `checkPublicKey`
 */
export function readKeyRotation(statement: Statement): KeyRotation {
  const rotation = readPredicate(statement, KEY_ROTATION, KeyRotation);
  const { proofs, ...claim } = rotation;
  const { operator, keys, oldKey, validFrom, validUntil } = claim;
  checkSubjects(statement, oldKey, keys.attestation);
  checkOperator(operator);
  checkPeriod(validFrom, validUntil);
  const raw = rawKeysOf(keys);
  const old = fromBase64(oldKey);
  checkKeys([fromBase64(operator.publicKey), old, raw.attestation, raw.witness, raw.nats]);
  for (const place of ['attestation', 'witness', 'nats'] as const) {
    checkPossession(KEY_ROTATION, place, claim, raw[place], proofs[place]);
  }
  if (proofs.old !== null) checkPossession(KEY_ROTATION, 'old', claim, old, proofs.old);
  return rotation;
}
