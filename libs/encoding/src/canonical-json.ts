import canonicalize from 'canonicalize';
import { EncodingError } from './error.js';

/**
 * Serialises a JSON value in the one canonical way (RFC 8785), so that equal values have equal
 * bytes. Returns text; its UTF-8 encoding is the canonical form.
 *
 * @throws EncodingError NOT_CANONICALIZABLE for NaN, infinities, lone surrogates and undefined
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new EncodingError('NOT_CANONICALIZABLE', `value has no canonical JSON form`, { cause });
  }
  if (text === undefined) {
    throw new EncodingError('NOT_CANONICALIZABLE', 'undefined has no canonical JSON form');
  }
  return text;
}
