import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import { toBase64, toHex, sha256 } from '#libs/encoding';
import { AttestationError } from './error.js';

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const cache = new Map<string, KeyObject>();
const CACHED_KEYS = 4096;

/** Wraps 32 raw Ed25519 public key bytes as SubjectPublicKeyInfo DER (RFC 8410), 44 bytes. */
export function spkiOf(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 32) {
    throw new AttestationError(
      'BAD_KEY',
      `an Ed25519 public key has 32 bytes, this one has ${publicKey.length}`,
    );
  }
  return new Uint8Array(Buffer.concat([SPKI_PREFIX, publicKey]));
}

/** Writes a public key as PEM, the form that openssl and others read. */
export function pemOf(publicKey: Uint8Array): string {
  const lines = toBase64(spkiOf(publicKey)).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

/** Names a key in envelopes: hex SHA-256 of its SPKI DER. A hint only; nothing is decided by it. */
export function keyIdOf(publicKey: Uint8Array): string {
  return sha256(spkiOf(publicKey));
}

/**
 * Derives a builder's id: the Internet Computer's self-authenticating principal of its key, as text.
 * Lower-case letters, digits and hyphens only, so it is safe in subjects, paths and URLs.
 *
 * Source: IC interface specification, "Principals"
 */
export function builderIdOf(publicKey: Uint8Array): string {
  return Principal.selfAuthenticating(spkiOf(publicKey)).toText();
}

/**
 * Verifies an Ed25519 signature by node:crypto (RFC 8032 with S < L, as openssl and Go do).
 * Key objects are cached, because importing costs as much as verifying.
 */
export function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return signature.length === 64 && verify(null, message, keyObject(publicKey), signature);
}

/**
 * The same on a thread of the pool, so that many are verified at once on all processors.
 *
 * @throws AttestationError BAD_KEY
 */
export async function verifySignatureAsync(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64) return false;
  const key = keyObject(publicKey);
  return new Promise((resolve, reject) => {
    verify(null, message, key, signature, (error, isValid) => {
      if (error === null) resolve(isValid);
      else reject(error);
    });
  });
}

function keyObject(publicKey: Uint8Array): KeyObject {
  const id = toHex(publicKey);
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
