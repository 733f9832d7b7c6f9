import type { Sha256 } from '#libs/encoding';
import { MAX_PAGE_BYTES } from './bounds.js';
import { ManifestError } from './error.js';
import { pageDigest } from './page.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Holds bytes against the digest they were asked for by, and parses them. */
export function readPageText(
  bytes: Uint8Array,
  expected: Sha256,
): { readonly text: string; readonly value: unknown } {
  if (bytes.length > MAX_PAGE_BYTES) {
    throw new ManifestError(
      'TOO_LARGE',
      `page ${expected} has ${bytes.length} bytes; at most ${MAX_PAGE_BYTES} are allowed`,
    );
  }
  const found = pageDigest(bytes);
  if (found !== expected) {
    throw new ManifestError('WRONG_DIGEST', `page ${expected} was asked for, ${found} came`);
  }
  try {
    const text = decoder.decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new ManifestError('MALFORMED_PAGE', `page ${expected} is no JSON`, { cause });
  }
}
