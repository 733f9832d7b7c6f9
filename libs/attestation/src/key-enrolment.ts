import { z } from 'zod';
import { fromBase64 } from '#libs/encoding';
import { AttestationError } from './error.js';
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
import { builderIdOf } from './key.js';
import type { Signer } from './signer.js';
import { readPredicate, type Statement } from './statement.js';
import { KEY_ENROLMENT, STATEMENT_TYPE } from './type-uri.js';

/**
 * An operator's word that it answers for a new builder with these keys, which agree. Signed by the
 * operator's key.
 */
export const KeyEnrolment = z.strictObject({
  ...KEY_SET_FIELDS,
  /** A builder begins here: what has a past is rotated. */
  previous: z.null(),
  proofs: z.strictObject({ attestation: Proof, witness: Proof, nats: Proof }),
});
export type KeyEnrolment = z.infer<typeof KeyEnrolment>;

/** What the keys of an enrolment agree to: all of it but their proofs. */
export type KeyEnrolmentClaim = Omit<KeyEnrolment, 'proofs'>;

/** Signs an enrolment with each of the keys that it brings. */
export function proveEnrolment(
  claim: KeyEnrolmentClaim,
  signers: Readonly<Record<'attestation' | 'witness' | 'nats', Signer>>,
): KeyEnrolment {
  const prove = (place: keyof typeof signers): string =>
    provePossession(KEY_ENROLMENT, place, claim, signers[place]);
  const proofs = {
    attestation: prove('attestation'),
    witness: prove('witness'),
    nats: prove('nats'),
  };
  return { ...claim, proofs };
}

/** Makes the statement that enrols a builder. */
export function keyEnrolmentStatement(enrolment: KeyEnrolment): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: keySubjects(enrolment.keys.attestation),
    predicateType: KEY_ENROLMENT,
    predicate: enrolment,
  };
}

/**
 * Reads an enrolment and refuses one that its keys did not agree to. Whether the operator signed it,
 * and whether the keys are new, is for the history to say.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT, WRONG_OPERATOR,
 *   WRONG_BUILDER, SHARED_KEY, BAD_PROOF and the codes of `checkPublicKey`
 */
export function readKeyEnrolment(statement: Statement): KeyEnrolment {
  const enrolment = readPredicate(statement, KEY_ENROLMENT, KeyEnrolment);
  const { proofs, ...claim } = enrolment;
  const { operator, builder, keys, validFrom, validUntil } = claim;
  checkSubjects(statement, keys.attestation);
  checkOperator(operator);
  checkPeriod(validFrom, validUntil);
  const raw = rawKeysOf(keys);
  checkKeys([fromBase64(operator.publicKey), raw.attestation, raw.witness, raw.nats]);
  const derived = builderIdOf(raw.attestation);
  if (derived !== builder) {
    throw new AttestationError(
      'WRONG_BUILDER',
      `statement enrols ${builder} with the key of ${derived}: a builder's id is its first key's principal`,
    );
  }
  for (const place of ['attestation', 'witness', 'nats'] as const) {
    checkPossession(KEY_ENROLMENT, place, claim, raw[place], proofs[place]);
  }
  return enrolment;
}
