import { quote } from '#libs/encoding';
import { AttestationError } from './error.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Type "user" in the upper five bits: every text begins with U. */
const USER_PREFIX = 20 << 3;

/** Type "seed" in the upper five bits, then "user" over two bytes: every text begins with SU. */
const SEED_PREFIX = [(18 << 3) | (USER_PREFIX >> 5), (USER_PREFIX & 31) << 3];

/**
 * Writes a public key as NATS names a user: 56 characters, beginning with U.
 *
 * Source: nats-io/nkeys README, "Encoding": base32 of prefix, key and CRC-16
 */
export function natsKeyText(publicKey: Uint8Array): string {
  return encode([USER_PREFIX, ...publicKey]);
}

/**
 * Reads the 32 raw bytes out of a NATS user's public key.
 *
 * @throws AttestationError BAD_KEY for any other kind of key, a seed, or a wrong checksum
 */
export function natsKeyBytes(text: string): Uint8Array {
  if (/^U[A-Z2-7]{55}$/.test(text)) {
    const key = decode(text).slice(1, 33);
    // Written again it has to be the same text: prefix and checksum are then right, too.
    if (natsKeyText(key) === text) return key;
  }
  // A seed begins with S: whatever this is, only its first letter is told.
  throw new AttestationError(
    'BAD_KEY',
    `not the public key of a NATS user, which is 56 characters from U: begins with ${quote(text.slice(0, 1))}`,
  );
}

/**
 * Reads the 32 byte Ed25519 seed out of a NATS user's seed, which is 58 characters from SU.
 *
 * @throws AttestationError BAD_KEY for any other text, of which nothing is told
 */
export function natsSeedBytes(text: string): Uint8Array {
  if (/^SU[A-Z2-7]{56}$/.test(text)) {
    const seed = decode(text).slice(2, 34);
    if (encode([...SEED_PREFIX, ...seed]) === text) return seed;
  }
  throw new AttestationError(
    'BAD_KEY',
    'not the seed of a NATS user, which is 58 characters from SU with a checksum',
  );
}

function encode(head: readonly number[]): string {
  const crc = crc16(head);
  const bits = [...head, crc & 0xff, crc >> 8]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const fives = bits.match(/.{1,5}/g) ?? [];
  return fives.map((five) => ALPHABET.charAt(parseInt(five.padEnd(5, '0'), 2))).join('');
}

function decode(text: string): Uint8Array {
  const bits = Array.from(text, (letter) =>
    ALPHABET.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('');
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
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
