import { sha256 } from '#libs/encoding';
import type { Coding } from './codings.js';

/** The strong entity tag of an answer's bytes: their SHA-256. */
export function entityTag(bytes: Uint8Array): string {
  return `"${sha256(bytes)}"`;
}

/** The tag of the same answer under a content coding, which has other bytes. */
export function codedTag(tag: string, coding: Coding | null): string {
  return coding === null ? tag : `${tag.slice(0, -1)}-${coding}"`;
}

/**
 * Tells whether a reader has an answer already. A tag of the answer under any coding will do: what it
 * has decodes to the same bytes.
 *
 * Source: RFC 9110 section 13.1.2
 */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const bare = bareTag(tag);
  return ifNoneMatch.split(',').some((known) => bareTag(known.trim()) === bare);
}

function bareTag(tag: string): string {
  return tag.replace(/^W\//, '').replace(/-(?:zstd|br|gzip)"$/, '"');
}
