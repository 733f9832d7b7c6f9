import { verify } from 'node:crypto';
import { keyObject } from './key-object.js';
import { checkKeyLength } from './key.js';

const SIGNATURE_BYTES = 64;

/** Verifies one signature of 64 bytes by a key of 32, and never says more than that it is valid. */
export type SignatureVerifier = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>;

let verifier: SignatureVerifier = verifyOnPool;

/**
 * Has another verifier do what {@link verifySignatureAsync} is asked: a program may have faster ways
 * than this room, which starts no threads. It is asked about signatures and keys of the right length
 * only, and has to give the same answers as {@link verifyOnPool}.
 */
export function setSignatureVerifier(other: SignatureVerifier): void {
  verifier = other;
}

/**
 * Verifies an Ed25519 signature by node:crypto (RFC 8032 with S < L, as openssl and Go do).
 * Key objects are cached, because importing costs as much as verifying.
 *
 * @throws AttestationError BAD_KEY
 */
export function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return (
    signature.length === SIGNATURE_BYTES && verify(null, message, keyObject(publicKey), signature)
  );
}

/**
 * The same beside the caller's thread, so that many are verified at once on all processors.
 *
 * @throws AttestationError BAD_KEY
 */
export async function verifySignatureAsync(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES) return false;
  // What is no key is refused here, whoever verifies: any 32 bytes can be imported as one.
  checkKeyLength(publicKey);
  return verifier(publicKey, message, signature);
}

/**
 * Verifies on a thread of node's own pool.
 *
 * @throws AttestationError BAD_KEY
 */
export async function verifyOnPool(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const key = keyObject(publicKey);
  return new Promise((resolve, reject) => {
    verify(null, message, key, signature, (error, isValid) => {
      if (error === null) resolve(isValid);
      else reject(error);
    });
  });
}
