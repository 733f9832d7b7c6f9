import nacl from 'tweetnacl';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** DER of a SubjectPublicKeyInfo of Ed25519 before the key itself (RFC 8410). */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);
/** Order of the group, least byte first: a signature's S has to be below it. */
const L = Uint8Array.of(
  ...[
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
  ],
  ...Array.from({ length: 15 }, () => 0),
  0x10,
);

/**
 * All encodings of the y of points of small order, without the sign of x: by such a key anybody can
 * sign, and openssl takes neither it nor such an R.
 *
 * Source: the torsion subgroup of edwards25519
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  ...['00', '01'].map((first) => first.padEnd(64, '0')),
  ...['ec', 'ed', 'ee'].map((first) => `${first.padEnd(62, 'f')}7f`),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** As node:crypto's, of one Ed25519 public key. */
export class KeyObject {
  readonly type = 'public';
  readonly asymmetricKeyType = 'ed25519';
  /** 32 bytes. */
  readonly raw: Uint8Array;

  constructor(raw: Uint8Array) {
    if (raw.length !== KEY_BYTES) throw new TypeError('not an Ed25519 public key');
    this.raw = Uint8Array.from(raw);
  }
}

/** The forms in which libs import keys. */
export type KeyInput =
  | { readonly key: Uint8Array; readonly format: 'der'; readonly type: 'spki' }
  | {
      readonly key: { readonly kty: string; readonly crv: string; readonly x: string };
      readonly format: 'jwk';
    };

/**
 * As node:crypto's, of Ed25519 alone. Like there, 32 bytes that are no point are a key, by which
 * nothing verifies.
 *
 * @throws TypeError for anything that is no such key
 */
export function createPublicKey(input: KeyInput): KeyObject {
  if (input.format === 'jwk') {
    const { kty, crv, x } = input.key;
    if (kty !== 'OKP' || crv !== 'Ed25519' || !/^[\w-]{43}$/.test(x)) {
      throw new TypeError('not an Ed25519 public key as JWK');
    }
    const base64 = x.replaceAll('-', '+').replaceAll('_', '/');
    return new KeyObject(Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)));
  }
  const { key } = input;
  if (!SPKI_PREFIX.every((byte, at) => key[at] === byte)) {
    throw new TypeError('not an Ed25519 public key as SPKI');
  }
  return new KeyObject(key.subarray(SPKI_PREFIX.length));
}

type Told = (error: null, isValid: boolean) => void;

/**
 * As node:crypto's, of Ed25519 alone: tweetnacl behind S < L and behind points of small order. By
 * itself tweetnacl takes a signature a second time with L added to its S: one attestation would have
 * two encodings, and two leaves. What is refused here is exactly what openssl refuses.
 *
 * Source: RFC 8032 section 5.1.7
 */
export function verify(
  algorithm: null,
  message: Uint8Array | string,
  key: KeyObject,
  signature: Uint8Array,
): boolean;
export function verify(
  algorithm: null,
  message: Uint8Array | string,
  key: KeyObject,
  signature: Uint8Array,
  callback: Told,
): undefined;
export function verify(
  _algorithm: null,
  message: Uint8Array | string,
  { raw }: KeyObject,
  signature: Uint8Array,
  callback?: Told,
): boolean | undefined {
  const bytes = typeof message === 'string' ? utf8ToBytes(message) : message;
  const isValid =
    signature.length === SIGNATURE_BYTES &&
    isBelowL(signature.subarray(KEY_BYTES)) &&
    !isSmallOrder(raw) &&
    !isSmallOrder(signature.subarray(0, KEY_BYTES)) &&
    nacl.sign.detached.verify(bytes, signature, raw);
  if (callback === undefined) return isValid;
  queueMicrotask(() => {
    callback(null, isValid);
  });
  return undefined;
}

/** Compares numbers of 32 bytes, least first. Signatures are public: time may tell of them. */
function isBelowL(s: Uint8Array): boolean {
  for (let at = L.length - 1; at >= 0; at -= 1) {
    const difference = (s[at] ?? 0) - (L[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isSmallOrder(point: Uint8Array): boolean {
  const y = Uint8Array.from(point);
  y[KEY_BYTES - 1] = (y[KEY_BYTES - 1] ?? 0) & 0x7f;
  return SMALL_ORDER.has(bytesToHex(y));
}
