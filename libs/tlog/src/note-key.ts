import { createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { fromHex, quote, toBase64 } from '#libs/encoding';
import { TlogError } from './error.js';
import { decodeBase64 } from './text.js';

/**
 * Signature types of Ed25519 keys: 0x01 signs the text of a note, 0x04 signs it with a time.
 *
 * Source: C2SP signed-note, "Signature types"
 */
export type KeyType = 0x01 | 0x04;

const NOTE = 0x01;
const TYPE_NAMES = { 0x01: 'Ed25519', 0x04: 'Ed25519 cosignature' } as const;
const PUBLIC_KEY_BYTES = 32;

/** Names a key: `name` and `keyId` together, the id as 8 lower-case hexadecimal characters. */
export interface NoteKey {
  readonly name: string;
  readonly keyId: string;
}

/** A key's name and id with its 32 bytes. */
export interface PublicNoteKey extends NoteKey {
  readonly publicKey: Uint8Array;
}

/** Signs note texts. `sign` takes the UTF-8 bytes of the text and MUST NOT keep them. */
export interface NoteSigner extends NoteKey {
  readonly sign: (text: Uint8Array) => Uint8Array;
}

/** Checks signatures of one known key. `verify` MUST NOT throw on hostile signatures. */
export interface NoteVerifier extends NoteKey {
  readonly verify: (text: Uint8Array, signature: Uint8Array) => boolean;
}

/**
 * Computes the id of an Ed25519 note key: the first 4 bytes of
 * SHA-256(name || 0x0A || 0x01 || public key), as 8 hexadecimal characters.
 *
 * @throws TlogError MALFORMED_KEY when the name is empty or has a space, a control character or a
 *   plus, or the public key has not 32 bytes
 * Source: C2SP signed-note, "Ed25519 signatures"
 */
export function noteKeyId(name: string, publicKey: Uint8Array): string {
  return typedKeyId(NOTE, name, publicKey);
}

/**
 * Makes a verifier of an Ed25519 public key of 32 bytes. The key is imported once, here: importing
 * it for each signature would nearly halve the rate.
 *
 * @throws TlogError MALFORMED_KEY as {@link noteKeyId}
 */
export function ed25519Verifier(name: string, publicKey: Uint8Array): NoteVerifier {
  const keyId = noteKeyId(name, publicKey);
  const key = importEd25519(publicKey);
  return { name, keyId, verify: (text, signature) => verify(null, text, key, signature) };
}

/**
 * Makes a signer of an Ed25519 key that lives elsewhere: `sign` returns the 64 bytes of RFC 8032.
 *
 * @throws TlogError MALFORMED_KEY as {@link noteKeyId}
 */
export function ed25519Signer(
  name: string,
  publicKey: Uint8Array,
  sign: (text: Uint8Array) => Uint8Array,
): NoteSigner {
  return { name, keyId: noteKeyId(name, publicKey), sign };
}

/**
 * Writes the verifier key text of an Ed25519 key: `name+keyid+base64(0x01 || public key)`.
 *
 * @throws TlogError MALFORMED_KEY as {@link noteKeyId}
 * Source: C2SP signed-note, "Verifier keys"
 */
export function formatVkey(name: string, publicKey: Uint8Array): string {
  return formatTypedVkey(NOTE, name, publicKey);
}

/**
 * Reads a verifier key text into name, id and the 32-byte Ed25519 public key.
 *
 * @throws TlogError MALFORMED_KEY when the text has not three parts, or the id is not that key's
 * @throws TlogError UNSUPPORTED_KEY when the key is not of type Ed25519 (0x01)
 * Source: C2SP signed-note, "Verifier keys"
 */
export function parseVkey(text: string): PublicNoteKey {
  return parseTypedVkey(NOTE, text);
}

/** {@link noteKeyId} for a key of either type. */
export function typedKeyId(type: KeyType, name: string, publicKey: Uint8Array): string {
  const typed = typedKey(type, publicKey);
  return hash('sha256', Buffer.concat([Buffer.from(`${asKeyName(name)}\n`), typed])).slice(0, 8);
}

/** {@link formatVkey} for a key of either type. */
export function formatTypedVkey(type: KeyType, name: string, publicKey: Uint8Array): string {
  return `${name}+${typedKeyId(type, name, publicKey)}+${toBase64(typedKey(type, publicKey))}`;
}

/** {@link parseVkey} for a key of either type: UNSUPPORTED_KEY unless it is of this one. */
export function parseTypedVkey(expectedType: KeyType, text: string): PublicNoteKey {
  // The name has no plus, but base64 may have many: only the first two of them separate.
  const [, name, keyId, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? [];
  if (name === undefined || keyId === undefined || encoded === undefined) {
    throw new TlogError(
      'MALFORMED_KEY',
      `${quote(text)} is not a verifier key: expected name+8 hex characters+base64`,
    );
  }
  const typed = decodeBase64(encoded, 'MALFORMED_KEY');
  const type = typed[0];
  if (type !== expectedType) {
    throw new TlogError(
      'UNSUPPORTED_KEY',
      `verifier key of ${quote(name)} is of type ${type ?? 'none'}, expected ${expectedType} (${TYPE_NAMES[expectedType]})`,
    );
  }
  const publicKey = typed.slice(1);
  const expected = typedKeyId(expectedType, name, publicKey);
  if (keyId !== expected) {
    throw new TlogError(
      'MALFORMED_KEY',
      `verifier key of ${quote(name)} has id ${keyId}, but its name and key give ${expected}`,
    );
  }
  return { name, keyId, publicKey };
}

/**
 * Takes a text as the name of a note key.
 *
 * @throws TlogError MALFORMED_KEY
 */
export function asKeyName(name: string): string {
  if (/^[^\p{White_Space}\p{Cc}\p{Cs}\ufeff+]+$/u.test(name)) return name;
  throw new TlogError(
    'MALFORMED_KEY',
    `${quote(name)} is not a key name: expected no space, no plus and no control character`,
  );
}

/** The four bytes of a key id. */
export function keyIdBytes(keyId: string): Uint8Array {
  if (/^[0-9a-f]{8}$/.test(keyId)) return fromHex(keyId);
  throw new TlogError(
    'MALFORMED_KEY',
    `${quote(keyId)} is not a key id: expected 8 hex characters`,
  );
}

/** Imports the 32 bytes of an Ed25519 public key, whose length has been checked. */
export function importEd25519(publicKey: Uint8Array): KeyObject {
  // Written out: not every Buffer that this runs with knows base64url.
  const x = toBase64(publicKey).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function typedKey(type: KeyType, publicKey: Uint8Array): Uint8Array {
  if (publicKey.length === PUBLIC_KEY_BYTES) return Uint8Array.of(type, ...publicKey);
  throw new TlogError(
    'MALFORMED_KEY',
    `an Ed25519 public key has ${publicKey.length} bytes, expected ${PUBLIC_KEY_BYTES}`,
  );
}
