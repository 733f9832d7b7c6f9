import { z } from 'zod';
import { canonicalJson, fromBase64, toBase64 } from '#libs/encoding';
import { AttestationError } from './error.js';
import { verifySignature } from './signature.js';
import type { Signer } from './signer.js';
import { KEY_POSSESSION } from './type-uri.js';

/** A signature in standard base64: 64 bytes in the one text that they have. */
export const Proof = z
  .string()
  .regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/, 'expected base64 of a 64 byte signature');

/** The place of a key in the statement that it has to prove itself for. */
export type KeyPlace = 'attestation' | 'witness' | 'nats' | 'old';

/**
 * Gives the text that a key signs to show that somebody who holds it agrees to a statement: lines
 * that name this purpose, the predicate type and the key's place, then the whole predicate without
 * its proofs. It names operator, builder and every key, so a proof is good for no other operator, no
 * other set of keys and no other place. It is neither a PAE nor a checkpoint nor a cosignature, so
 * nothing else that these keys sign is ever one.
 */
export function possessionChallenge(
  predicateType: string,
  place: KeyPlace,
  claim: object,
): Uint8Array {
  const text = [KEY_POSSESSION, predicateType, place, canonicalJson(claim)].join('\n');
  return new Uint8Array(Buffer.from(`${text}\n`, 'utf8'));
}

/** Signs the challenge of one place. */
export function provePossession(
  predicateType: string,
  place: KeyPlace,
  claim: object,
  signer: Signer,
): string {
  return toBase64(signer.sign(possessionChallenge(predicateType, place, claim)));
}

/**
 * Refuses a proof of possession that the key of that place did not sign.
 *
 * @throws AttestationError BAD_PROOF
 */
export function checkPossession(
  predicateType: string,
  place: KeyPlace,
  claim: object,
  publicKey: Uint8Array,
  proof: string,
): void {
  const challenge = possessionChallenge(predicateType, place, claim);
  if (verifySignature(publicKey, challenge, fromBase64(proof))) return;
  throw new AttestationError(
    'BAD_PROOF',
    `the ${place} key did not sign for this operator, this builder and these keys`,
  );
}
