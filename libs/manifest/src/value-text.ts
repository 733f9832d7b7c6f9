import { sha256 } from '#libs/encoding';
import { isPrintable } from './printable.js';

/** Longest value, in bytes, that a manifest holds as it is. */
const MAX_VALUE_BYTES = 200;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Writes the bytes of an attribute, such as an extended attribute or a label, as its value in a
 * manifest: the text itself where it is printable UTF-8 of at most 200 bytes, else `sha256:` and the
 * digest of the bytes. Trailing NULs belong to the bytes: who reads a padded field cuts them before.
 */
export function valueText(bytes: Uint8Array): string {
  const text = bytes.length <= MAX_VALUE_BYTES ? decode(bytes) : null;
  // A text that looks like a digest is hashed as well: else two different values could be told alike.
  if (text === null || !isPrintable(text) || text.startsWith('sha256:')) {
    return `sha256:${sha256(bytes)}`;
  }
  return text;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
