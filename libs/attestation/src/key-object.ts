import { createPublicKey, type KeyObject } from 'node:crypto';
import { AttestationError } from './error.js';
import { spkiOf } from './key.js';

const cache = new Map<string, KeyObject>();
const CACHED_KEYS = 4096;

/**
 * Imports a public key for node:crypto, or finds it imported.
 *
 * @throws AttestationError BAD_KEY
 */
export function keyObject(publicKey: Uint8Array): KeyObject {
  const { buffer, byteOffset, length } = publicKey;
  const id = Buffer.from(buffer, byteOffset, length).toString('latin1');
  const cached = cache.get(id);
  if (cached !== undefined) return cached;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spkiOf(publicKey)), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new AttestationError('BAD_KEY', 'not an Ed25519 public key', { cause });
  }
  // A flood of strangers' keys may cost time, never memory.
  if (cache.size >= CACHED_KEYS) cache.clear();
  cache.set(id, key);
  return key;
}
