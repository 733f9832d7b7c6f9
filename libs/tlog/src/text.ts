import { EncodingError, fromBase64 } from '#libs/encoding';
import { TlogError } from './error.js';
import type { TlogErrorCode } from './error.js';

/** Why the characters of a text cannot be signed or read, or `undefined` when they can. */
export function textFault(text: string): string | undefined {
  if (/\p{Cs}/u.test(text)) return 'it has a lone surrogate, which UTF-8 cannot hold';
  // Carriage returns, escapes and NUL are what makes one text look like another on a terminal.
  if (/[\0-\x09\x0b-\x1f]/.test(text)) return 'it has a control character besides newline';
  return undefined;
}

/** Decodes what came from outside, within `maxBytes`; the code tells which format was expected. */
export function decodeText(
  input: Uint8Array | string,
  maxBytes: number,
  code: TlogErrorCode,
): string {
  const sizeBytes = typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  if (sizeBytes > maxBytes) {
    throw new TlogError('TOO_LARGE', `text has ${sizeBytes} bytes, expected at most ${maxBytes}`);
  }
  const text = typeof input === 'string' ? input : decodeUtf8(input, code);
  const fault = textFault(text);
  if (fault !== undefined) throw new TlogError(code, `text cannot be read: ${fault}`);
  return text;
}

function decodeUtf8(bytes: Uint8Array, code: TlogErrorCode): string {
  try {
    // A byte order mark is signed text like any other: swallowing it would change what was signed.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TlogError(code, 'text cannot be read: it is not UTF-8', { cause });
  }
}

/** Decodes strict base64, of exactly `length` bytes where given; a fault takes the caller's code. */
export function decodeBase64(text: string, code: TlogErrorCode, length?: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(text);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new TlogError(code, cause.message, { cause });
  }
  if (length !== undefined && bytes.length !== length) {
    throw new TlogError(code, `base64 holds ${bytes.length} bytes, expected ${length}`);
  }
  return bytes;
}
