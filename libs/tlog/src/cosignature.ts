import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { quote } from '#libs/encoding';
import { parseCheckpoint } from './checkpoint.js';
import { TlogError } from './error.js';
import { formatTypedVkey, importEd25519, parseTypedVkey, typedKeyId } from './note-key.js';
import type { NoteKey, NoteVerifier, PublicNoteKey } from './note-key.js';
import { formatSignatureLine, parseSignatureLine } from './signature-line.js';

const COSIGNATURE = 0x04;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** Who vouched for a checkpoint, and when by its own clock: seconds since 1970, advisory only. */
export interface Cosignature extends NoteKey {
  readonly timeS: number;
}

/** A witness's key and the time it signs at. `sign` returns the 64 bytes of RFC 8032. */
export interface Cosigner {
  readonly name: string;
  /** 32 bytes, of this cosigner alone: the signed bytes do not say which name signed. */
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
  /** Seconds since 1970, whole, from 0 to 2^53 - 1. */
  readonly timeS: number;
}

/**
 * Computes the id of a cosigner key: the first 4 bytes of
 * SHA-256(name || 0x0A || 0x04 || public key), as 8 hexadecimal characters.
 *
 * @throws TlogError MALFORMED_KEY as noteKeyId
 * Source: C2SP tlog-cosignature, "Format"
 */
export function cosignerKeyId(name: string, publicKey: Uint8Array): string {
  return typedKeyId(COSIGNATURE, name, publicKey);
}

/**
 * Writes the verifier key text of a cosigner: `name+keyid+base64(0x04 || public key)`.
 *
 * @throws TlogError MALFORMED_KEY as noteKeyId
 * Source: C2SP tlog-cosignature, "Format"
 */
export function formatCosignerVkey(name: string, publicKey: Uint8Array): string {
  return formatTypedVkey(COSIGNATURE, name, publicKey);
}

/**
 * Reads the verifier key text of a cosigner into name, id and the 32-byte public key.
 *
 * @throws TlogError MALFORMED_KEY when the text has not three parts, or the id is not that key's
 * @throws TlogError UNSUPPORTED_KEY when the key is not of type cosignature/v1 (0x04)
 * Source: C2SP tlog-cosignature, "Format"
 */
export function parseCosignerVkey(text: string): PublicNoteKey {
  return parseTypedVkey(COSIGNATURE, text);
}

/**
 * Makes a verifier of a cosigner's public key of 32 bytes, for openNote, openCheckpoint and
 * {@link verifyCosignature}. Whoever holds several must see to it that no key is in two of them.
 *
 * @throws TlogError MALFORMED_KEY as noteKeyId
 */
export function cosignatureVerifier(name: string, publicKey: Uint8Array): NoteVerifier {
  const keyId = cosignerKeyId(name, publicKey);
  const key = importEd25519(publicKey);
  return { name, keyId, verify: (text, signature) => isSignedBy(key, text, signature) };
}

/**
 * Signs a checkpoint's note text with a time and returns the signature line, newline and all.
 * A witness MUST have checked the checkpoint against its stored state, and made the new state
 * durable, before it calls this.
 *
 * @throws TlogError MALFORMED_CHECKPOINT when the text is no checkpoint
 * @throws TlogError MALFORMED_KEY as noteKeyId
 * @throws TlogError OUT_OF_RANGE unless the time is whole seconds from 0 to 2^53 - 1
 * @throws TlogError BAD_SIGNATURE when `sign` does not return this key's signature
 * Source: C2SP tlog-cosignature, "Ed25519 signed message"
 */
export function cosign(text: string, { name, publicKey, sign, timeS }: Cosigner): string {
  parseCheckpoint(text);
  const verifier = cosignatureVerifier(name, publicKey);
  if (!Number.isSafeInteger(timeS) || timeS < 0) {
    throw new TlogError('OUT_OF_RANGE', `${timeS} is not a time: expected whole seconds >= 0`);
  }
  const bytes = Buffer.from(text);
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(timeS));
  const signature = Buffer.concat([time, sign(messageOf(timeS, bytes))]);
  // A wrong line of a known key spoils the note for every reader, so none leaves this house.
  if (!verifier.verify(bytes, signature)) {
    throw new TlogError('BAD_SIGNATURE', `the signer of ${quote(name)} has another private key`);
  }
  return formatSignatureLine({ name, keyId: verifier.keyId, signature });
}

/**
 * Verifies one signature line, newline and all, as this cosigner's over a checkpoint's note text.
 *
 * @throws TlogError MALFORMED_CHECKPOINT when the text is no checkpoint
 * @throws TlogError MALFORMED_COSIGNATURE when the line is none, or has not 8 bytes of time up to
 *   2^53 - 1 and 64 of signature. C2SP allows later times, and to refuse those in the future.
 * @throws TlogError NO_KNOWN_SIGNATURE when the line has another name or key id
 * @throws TlogError BAD_SIGNATURE when the signature does not fit
 * Source: C2SP tlog-cosignature, "Format"
 */
export function verifyCosignature(text: string, line: string, verifier: NoteVerifier): Cosignature {
  parseCheckpoint(text);
  const { name, keyId, signature } = parseSignatureLine(line, 'MALFORMED_COSIGNATURE');
  if (name !== verifier.name || keyId !== verifier.keyId) {
    const found = `${quote(name)} (key ${keyId})`;
    const expected = `${quote(verifier.name)} (key ${verifier.keyId})`;
    throw new TlogError('NO_KNOWN_SIGNATURE', `cosignature is of ${found}, expected ${expected}`);
  }
  const timeS = cosignatureTime(signature);
  if (timeS === undefined) {
    throw new TlogError(
      'MALFORMED_COSIGNATURE',
      `cosignature of ${quote(name)} is not ${TIME_BYTES} bytes of time and ${SIGNATURE_BYTES} of signature`,
    );
  }
  if (!verifier.verify(Buffer.from(text), signature)) {
    throw new TlogError('BAD_SIGNATURE', `cosignature of ${quote(name)} does not fit the text`);
  }
  return { name, keyId, timeS };
}

/** The time in a cosignature's bytes, or `undefined` when they are none. Nothing is verified. */
export function cosignatureTime(signature: Uint8Array): number | undefined {
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const timeS = Number(Buffer.from(signature).readBigUInt64BE());
  // Rounding only reaches 2^53 or more from above it, so no unsafe time slips through as a safe one.
  return Number.isSafeInteger(timeS) ? timeS : undefined;
}

function isSignedBy(key: KeyObject, text: Uint8Array, signature: Uint8Array): boolean {
  const timeS = cosignatureTime(signature);
  if (timeS === undefined) return false;
  return verify(null, messageOf(timeS, text), key, signature.subarray(TIME_BYTES));
}

// No checkpoint begins like this: its second line would be "time", which is no size. So one key
// that signs checkpoints and cosignatures alike cannot be tricked into one by the other.
function messageOf(timeS: number, text: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`cosignature/v1\ntime ${timeS}\n`), text]);
}
