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
