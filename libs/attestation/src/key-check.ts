import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from '#libs/encoding';
import { AttestationError } from './error.js';

type Point = ReturnType<typeof ed25519.Point.fromBytes>;

const sound = new Set<string>();
const REMEMBERED_KEYS = 4096;

/**
 * Refuses a public key about which correct verifiers may differ, or under which one signature fits
 * many messages. Done once, when a key is enrolled: signatures by any other key are judged alike by
 * every verifier of the RFC. About a millisecond for a key not seen before.
 *
 * @param publicKey 32 raw bytes
 * @throws AttestationError BAD_KEY unless it has 32 bytes, NON_CANONICAL_KEY where it encodes no
 *   point or not in the one way, SMALL_ORDER_KEY, TORSIONED_KEY
 * Source: RFC 8032 section 5.1.3; Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs"
 */
export function checkPublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== 32) {
    throw new AttestationError(
      'BAD_KEY',
      `an Ed25519 public key has 32 bytes, this one has ${publicKey.length}`,
    );
  }
  const id = toHex(publicKey);
  if (sound.has(id)) return;
  const point = decode(publicKey, id);
  if (point.isSmallOrder()) {
    throw new AttestationError(
      'SMALL_ORDER_KEY',
      `public key ${id} has small order, so anybody can sign by it: make a new one`,
    );
  }
  // Cofactored and cofactorless verifiers disagree about such a key's signatures.
  if (!point.isTorsionFree()) {
    throw new AttestationError(
      'TORSIONED_KEY',
      `public key ${id} is outside the prime-order group: no honest generator makes one`,
    );
  }
  // A flood of strangers' keys may cost time, never memory.
  if (sound.size >= REMEMBERED_KEYS) sound.clear();
  sound.add(id);
}

function decode(publicKey: Uint8Array, id: string): Point {
  try {
    return ed25519.Point.fromBytes(publicKey, false);
  } catch (cause) {
    throw new AttestationError(
      'NON_CANONICAL_KEY',
      `public key ${id} is no canonical encoding of a point: expected what RFC 8032 decodes`,
      { cause },
    );
  }
}
