import { EncodingError, quote } from './error.js';

const STANDARD = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Encodes bytes as standard, padded base64 (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Decodes standard, padded base64 and nothing else: no line breaks, no url-safe letters, no stray
 * bits in the last group. One byte string therefore has exactly one accepted text.
 *
 * @throws EncodingError NOT_BASE64
 * Source: RFC 4648 sections 3.3, 3.5 and 4
 */
export function fromBase64(text: string): Uint8Array {
  const bytes = decodeExactly(text);
  if (bytes !== null) return bytes;
  const why = STANDARD.test(text)
    ? 'has stray bits after its last byte'
    : 'is not standard padded base64';
  throw new EncodingError('NOT_BASE64', `${quote(text)} ${why}`);
}

/** What is decoded only to see whether it can be. */
let scratch: Buffer = Buffer.alloc(0);

/**
 * Tells whether an ASCII text is padded base64, standard or url-safe, stray bits or not: as many letters
 * as its bytes need, and nothing else. Faster than a pattern, which looks at each letter. Of what is no
 * ASCII it may look at one half only, and find a letter there. Keeps as much memory as the longest text
 * has had bytes.
 */
export function isBase64Text(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const sizeBytes = sizeOfBase64(text);
  if (scratch.length < sizeBytes) scratch = Buffer.alloc(sizeBytes);
  // Whatever is none of the letters is passed over, or ends it: then there are fewer bytes.
  return scratch.write(text, 0, sizeBytes, 'base64') === sizeBytes;
}

/** How many bytes a padded base64 text stands for, if it is one. */
export function sizeOfBase64(text: string): number {
  return (text.length / 4) * 3 - paddingOf(text);
}

/** Last letters, before so much padding, of which no bit is left over. */
const LAST_LETTERS = [null, 'AEIMQUYcgkosw048', 'AQgw'] as const;

/**
 * Decodes standard, padded base64 to its place among other bytes, with room for {@link sizeOfBase64};
 * false for what {@link fromBase64} does not take. Without making text of the bytes once more, which
 * for long ones is what telling takes.
 */
export function decodeBase64Into(text: string, target: Buffer, offset: number): boolean {
  if (text.length % 4 !== 0 || Buffer.byteLength(text) !== text.length) return false;
  const sizeBytes = sizeOfBase64(text);
  // As in isBase64Text; of what is left, url-safe letters and stray bits have another spelling.
  if (target.write(text, offset, sizeBytes, 'base64') !== sizeBytes) return false;
  if (text.includes('-') || text.includes('_')) return false;
  const padding = paddingOf(text);
  return LAST_LETTERS[padding]?.includes(text.charAt(text.length - 1 - padding)) ?? true;
}

function paddingOf(text: string): 0 | 1 | 2 {
  if (!text.endsWith('=')) return 0;
  return text.endsWith('==') ? 2 : 1;
}

/**
 * Node ignores stray bits and whatever is no base64; accepting them would make signatures malleable
 * in text. Only a standard text is what its bytes are encoded to, and asking so is faster than a
 * pattern.
 */
function decodeExactly(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : null;
}

/**
 * Decodes standard or url-safe base64, as a DSSE verifier has to; otherwise as strict as
 * {@link fromBase64}.
 *
 * @throws EncodingError NOT_BASE64
 * Source: DSSE v1.0.2, envelope.md
 */
export function fromBase64Any(text: string): Uint8Array {
  const bytes = decodeExactly(text);
  if (bytes !== null) return bytes;
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  const unpadded = standard.replace(/=+$/, '');
  return fromBase64(unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, '='));
}
