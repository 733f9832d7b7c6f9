import { createCipheriv, createDecipheriv, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, fromBase64, toBase64 } from '#libs/encoding';
import { AttestationError } from './error.js';

/** First field of a locked key, and what tells it from any other JSON. */
const KIND = 'repro-quorum-key/v1';

/** Fewer rounds than 2^17 with blocks of 8 are within reach of who guesses. */
const LEAST_N = 2 ** 17;
/** What one unlocking may take: a hostile file must not eat a machine's memory, or its day. */
const MAX_SCRYPT_BYTES = 512 * 1024 * 1024;
const MAX_P = 4;
const [LEAST_R, MAX_R] = [8, 32];
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES, KEY_BYTES] = [32, 12, 16, 32];
/** Characters of a locked key; one of ours has about 600. */
const MAX_TEXT = 8_192;

const base64 = z
  .string()
  .max(4_096)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/);

const LockedKey = z.strictObject({
  kind: z.literal(KIND),
  kdf: z.literal('scrypt'),
  N: z.number().int().min(LEAST_N).refine(isPowerOfTwo, 'expected a power of two'),
  r: z.number().int().min(LEAST_R).max(MAX_R),
  p: z.number().int().min(1).max(MAX_P),
  salt: base64,
  cipher: z.literal('aes-256-gcm'),
  nonce: base64,
  tag: base64,
  ciphertext: base64,
});
type LockedKey = z.infer<typeof LockedKey>;

/** What locks a key. Salt and nonce are chance, and never used twice. */
export interface KeyLock {
  readonly passphrase: string;
  /** 32 random bytes. */
  readonly salt: Uint8Array;
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
}

/** Tells whether a text wants to be a locked key, by its form alone. */
export function isLockedKey(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/**
 * Encrypts a private key's PEM under a passphrase: scrypt with N = 2^17, r = 8, p = 1 (128 MiB),
 * then AES-256-GCM. The result is a JSON text of one line.
 *
 * @throws AttestationError BAD_KEY unless there is a passphrase, a salt of 32 and a nonce of 12 bytes
 * Source: RFC 7914 (scrypt), NIST SP 800-38D (GCM)
 */
export function lockKey(pem: string, { passphrase, salt, nonce }: KeyLock): string {
  if (passphrase === '') throw badKey('an empty passphrase locks nothing');
  if (salt.length !== SALT_BYTES || nonce.length !== NONCE_BYTES) {
    throw badKey(
      `salt and nonce have ${salt.length} and ${nonce.length} bytes, expected 32 and 12`,
    );
  }
  const head = {
    ...({ kind: KIND, kdf: 'scrypt', N: LEAST_N, r: LEAST_R, p: 1 } as const),
    ...({ salt: toBase64(salt), cipher: 'aes-256-gcm', nonce: toBase64(nonce) } as const),
  };
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, head), nonce);
  cipher.setAAD(Buffer.from(canonicalJson(head)));
  const ciphertext = Buffer.concat([cipher.update(pem, 'utf8'), cipher.final()]);
  const locked = { ...head, tag: toBase64(cipher.getAuthTag()), ciphertext: toBase64(ciphertext) };
  return `${JSON.stringify(locked)}\n`;
}

/**
 * Decrypts what {@link lockKey} made, into the PEM. Costs up to 512 MiB and some seconds, whatever
 * the file asks for.
 *
 * @throws AttestationError BAD_KEY for another form, parameters out of bounds, a wrong passphrase or
 *   an altered file
 */
export function unlockKey(text: string, passphrase: string): string {
  const { tag, ciphertext, ...head } = readLocked(text);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyOf(passphrase, head),
    bytesOf(head.nonce, NONCE_BYTES, 'nonce'),
    { authTagLength: TAG_BYTES },
  );
  decipher.setAAD(Buffer.from(canonicalJson(head)));
  decipher.setAuthTag(bytesOf(tag, TAG_BYTES, 'tag'));
  try {
    const pem = Buffer.concat([decipher.update(bytesOf(ciphertext)), decipher.final()]);
    return pem.toString('utf8');
  } catch (cause) {
    throw badKey('the passphrase does not open the key, or the file was altered', cause);
  }
}

function readLocked(text: string): LockedKey {
  if (text.length > MAX_TEXT) {
    throw badKey(`a locked key has at most ${MAX_TEXT} characters, this has ${text.length}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw badKey('not a locked key: expected JSON', cause);
  }
  const parsed = LockedKey.safeParse(json);
  if (!parsed.success) throw badKey(`not a locked key: ${z.prettifyError(parsed.error)}`);
  const { N, r, p } = parsed.data;
  if (scryptBytes({ N, r, p }) > MAX_SCRYPT_BYTES) {
    throw badKey(`scrypt with N = ${N}, r = ${r}, p = ${p} takes more than 512 MiB`);
  }
  return parsed.data;
}

type Head = Pick<LockedKey, 'N' | 'r' | 'p' | 'salt'>;

function keyOf(passphrase: string, { N, r, p, salt }: Head): Uint8Array {
  const options = { N, r, p, maxmem: 2 * scryptBytes({ N, r, p }) };
  // Composed, so that one passphrase typed on two machines is one.
  return scryptSync(
    passphrase.normalize('NFC'),
    bytesOf(salt, SALT_BYTES, 'salt'),
    KEY_BYTES,
    options,
  );
}

function scryptBytes({ N, r, p }: Omit<Head, 'salt'>): number {
  return 128 * r * (N + p);
}

function bytesOf(text: string, length?: number, what = 'ciphertext'): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(text);
  } catch (cause) {
    throw badKey(`not a locked key: ${what} is not base64`, cause);
  }
  if (length === undefined || bytes.length === length) return bytes;
  throw badKey(`not a locked key: ${what} has ${bytes.length} bytes, expected ${length}`);
}

function isPowerOfTwo(n: number): boolean {
  return Number.isSafeInteger(Math.log2(n));
}

function badKey(message: string, cause?: unknown): AttestationError {
  return new AttestationError('BAD_KEY', message, cause === undefined ? {} : { cause });
}
