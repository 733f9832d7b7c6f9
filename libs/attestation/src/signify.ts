import { fromHex, toBase64 } from '#libs/encoding';
import { keyIdOf } from './key.js';

const ALGORITHM = Buffer.from('Ed');

/**
 * Writes a public key as OpenBSD's signify reads it. The key number that it wants is the beginning of
 * the key id: signify holds it against the signature's, and nothing else depends on it.
 *
 * Source: signify(1), signify.c `struct pubkey`
 */
export function signifyPublicKey(publicKey: Uint8Array, comment: string): string {
  return file(comment, [keyNumber(publicKey), publicKey]);
}

/**
 * Writes a raw Ed25519 signature as signify reads it.
 *
 * Source: signify.c `struct sig`
 */
export function signifySignature(
  publicKey: Uint8Array,
  signature: Uint8Array,
  comment: string,
): string {
  return file(comment, [keyNumber(publicKey), signature]);
}

function keyNumber(publicKey: Uint8Array): Uint8Array {
  return fromHex(keyIdOf(publicKey)).subarray(0, 8);
}

function file(comment: string, parts: readonly Uint8Array[]): string {
  // One line, and no longer than signify's own limit of 1024 bytes.
  const line = comment.replace(/[^\x20-\x7e]/g, '?').slice(0, 900);
  return `untrusted comment: ${line}\n${toBase64(Buffer.concat([ALGORITHM, ...parts]))}\n`;
}
