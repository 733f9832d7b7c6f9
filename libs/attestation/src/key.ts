import { Principal } from '@dfinity/principal';
import { sha256, toBase64 } from '#libs/encoding';
import { AttestationError } from './error.js';

/** Ids by key: every roster names the same builders again. */
const ids = new Map<string, string>();
const KNOWN_IDS = 4096;

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** @throws AttestationError BAD_KEY unless a public key has 32 bytes */
export function checkKeyLength(publicKey: Uint8Array): void {
  if (publicKey.length === 32) return;
  throw new AttestationError(
    'BAD_KEY',
    `an Ed25519 public key has 32 bytes, this one has ${publicKey.length}`,
  );
}

/** Wraps 32 raw Ed25519 public key bytes as SubjectPublicKeyInfo DER (RFC 8410), 44 bytes. */
export function spkiOf(publicKey: Uint8Array): Uint8Array {
  checkKeyLength(publicKey);
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
  const key = toBase64(publicKey);
  const known = ids.get(key);
  if (known !== undefined) return known;
  const id = Principal.selfAuthenticating(spkiOf(publicKey)).toText();
  // A flood of strangers' keys may cost time, never memory.
  if (ids.size >= KNOWN_IDS) ids.clear();
  ids.set(key, id);
  return id;
}
