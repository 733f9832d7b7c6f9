import { createPrivateKey, createPublicKey, hkdfSync, sign, type KeyObject } from 'node:crypto';
import { quote } from '#libs/encoding';
import { NatsAuthorityError } from './error.js';

/**
 * What a key is for: the first five bits of its text, and so its first letter.
 *
 * Source: nats-io/nkeys README, "Encoding"
 */
const PREFIXES = { operator: 14 << 3, account: 0, user: 20 << 3 } as const;

/** What a key is for. */
export type NkeyKind = keyof typeof PREFIXES;

/** A key pair of NATS; the seed never leaves but for signing in. */
export interface Nkey {
  /** 56 characters, beginning with O, A or U. */
  readonly text: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  sign(message: string): Uint8Array;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/**
 * PKCS #8 around the seed of an Ed25519 key.
 *
 * Source: RFC 8410, section 7
 */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/**
 * Makes the key of a purpose out of the one secret of an authority: the same on every machine that has
 * it, and of no use for finding any other.
 *
 * Source: RFC 5869 (HKDF-SHA-256, the purpose as `info`)
 */
export function deriveNkey(secret: Uint8Array, kind: NkeyKind, purpose: string): Nkey {
  const info = `repro-quorum/nats/v1/${kind}/${purpose}`;
  const seed = new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), info, SEED_BYTES));
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    text: nkeyText(kind, publicBytes(key)),
    seed,
    sign: (message) => sign(null, Buffer.from(message), key),
  };
}

/**
 * Returns the public key of a NATS user as it stands.
 *
 * @throws NatsAuthorityError BAD_KEY for any other kind of key, a seed, or a wrong checksum
 */
export function requireUserKey(text: string): string {
  if (/^U[A-Z2-7]{55}$/.test(text) && nkeyText('user', bytesOf(text)) === text) return text;
  // A seed begins with S: whatever this is, only its first letter is told.
  throw new NatsAuthorityError(
    'BAD_KEY',
    `not the public key of a NATS user, which is 56 characters from U: begins with ${quote(text.slice(0, 1))}`,
  );
}

/** The 32 raw bytes behind the prefix of a text of 56 characters. */
function bytesOf(text: string): Uint8Array {
  const bits = Array.from(text, (letter) =>
    ALPHABET.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2));
  return Uint8Array.from(bytes.slice(1, 1 + SEED_BYTES));
}

function nkeyText(kind: NkeyKind, publicKey: Uint8Array): string {
  const head = [PREFIXES[kind], ...publicKey];
  const crc = crc16(head);
  const bits = [...head, crc & 0xff, crc >> 8]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const fives = bits.match(/.{5}/g) ?? [];
  return fives.map((five) => ALPHABET.charAt(parseInt(five, 2))).join('');
}

/** CRC-16/XMODEM, as nkeys has it. */
function crc16(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => {
    let crc = sum ^ (byte << 8);
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    }
    return crc & 0xffff;
  }, 0);
}

function publicBytes(key: KeyObject): Uint8Array {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url');
}
