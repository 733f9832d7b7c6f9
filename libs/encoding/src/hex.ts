import { EncodingError, quote } from './error.js';

/** Encodes bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/**
 * Decodes lower-case hexadecimal of even length.
 *
 * @throws EncodingError NOT_HEX
 */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) {
    throw new EncodingError('NOT_HEX', `${quote(text)} is not lower-case hexadecimal`);
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}
