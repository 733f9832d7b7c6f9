import { hash } from 'node:crypto';
import { EncodingError, quote } from './error.js';

declare const brand: unique symbol;

/** A SHA-256 digest as 64 lower-case hexadecimal characters. */
export type Sha256 = string & { readonly [brand]: 'sha256' };

/** A full git commit id: 40 lower-case hexadecimal characters, never an abbreviation or a ref. */
export type CommitId = string & { readonly [brand]: 'commit' };

/** Hashes bytes, or the UTF-8 bytes of a text, with SHA-256. */
export function sha256(data: Uint8Array | string): Sha256 {
  return hash('sha256', data) as Sha256;
}

/** Tells whether a text is a SHA-256 digest in lower-case hexadecimal. */
export function isSha256(text: string): text is Sha256 {
  return /^[0-9a-f]{64}$/.test(text);
}

/**
 * Takes a text as a SHA-256 digest.
 *
 * @throws EncodingError NOT_SHA256
 */
export function asSha256(text: string): Sha256 {
  if (isSha256(text)) return text;
  throw new EncodingError(
    'NOT_SHA256',
    `${quote(text)} is not a sha256: expected 64 lower-case hexadecimal characters`,
  );
}

/** Tells whether a text is a full git commit id. */
export function isCommitId(text: string): text is CommitId {
  return /^[0-9a-f]{40}$/.test(text);
}

/**
 * Takes a text as a commit id. Every boundary calls this before the id reaches git or a URL: an id
 * that starts with a dash, or names a ref, would be an option or a moving target there.
 *
 * @throws EncodingError NOT_A_COMMIT
 */
export function asCommitId(text: string): CommitId {
  if (isCommitId(text)) return text;
  throw new EncodingError(
    'NOT_A_COMMIT',
    `${quote(text)} is not a commit: expected 40 lower-case hexadecimal characters`,
  );
}
