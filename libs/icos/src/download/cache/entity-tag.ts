const STRONG_TAG = /^"[!#-~]{1,256}"$/;

/**
 * Reads an ETag header as a tag that stands for exact bytes; null for anything else. A weak tag
 * (`W/"…"`) stands for any bytes that its server thinks alike, and an empty one for nothing.
 *
 * The tag is kept and sent again, so it is taken only in plain characters: one line, no more.
 *
 * Source: RFC 9110 section 8.8.3
 */
export function strongTag(header: string | undefined): string | null {
  return header !== undefined && STRONG_TAG.test(header) ? header : null;
}
