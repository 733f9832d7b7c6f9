import { announcedLength } from '../body.js';
import type { HttpAnswer, HttpGetOptions } from '../http-get.js';
import type { Origin } from './cache-record.js';
import { parseContentRange } from './content-range.js';
import { strongTag } from './entity-tag.js';
import type { WholeFile } from './whole-file.js';

/** What is on the disk already, as far as a server can be asked about it. */
export interface OnDisk {
  /** A whole file. */
  readonly whole: WholeFile | null;
  /** The beginning of one, not necessarily of the same bytes. */
  readonly part: Origin | null;
  readonly partBytes: number;
}

/** What an answer means for what is on the disk. */
export type Meaning =
  /** The whole file is what the URL serves. */
  | { readonly kind: 'unchanged'; readonly whole: WholeFile }
  /** The body goes on where the part ends. */
  | { readonly kind: 'rest'; readonly part: Origin }
  /** The body is the file from its first byte. */
  | { readonly kind: 'all'; readonly etag: string | null }
  /** It fits nothing that was asked: ask without conditions. */
  | { readonly kind: 'contradiction' };

/**
 * Puts the questions "is it still this?" and "if it is that, then from here on" into one request;
 * a server looks at the first before the second.
 *
 * Source: RFC 9110 sections 13.1.2 (If-None-Match), 13.1.5 (If-Range), 13.2.2 (order), 14.2 (Range)
 */
export function conditionsOf({ whole, part, partBytes }: OnDisk): HttpGetOptions {
  return {
    headers: {
      ...(whole !== null && { 'if-none-match': whole.etag }),
      ...(part !== null && { range: `bytes=${partBytes}-`, 'if-range': part.etag }),
    },
    statuses: [...(whole === null ? [] : [304]), ...(part === null ? [] : [206, 416])],
  };
}

/**
 * Reads an answer against what was asked. If-None-Match is compared weakly by servers and a 206
 * may be a mistake, so the tag has to be in the answer itself, strong and the same, and the answer
 * from the same URL as the bytes: a tag means nothing on another.
 */
export function meaningOf(answer: HttpAnswer, { whole, part, partBytes }: OnDisk): Meaning {
  const { status, finalUrl, body } = answer;
  const etag = strongTag(body.headers.etag);
  const isOf = <T extends Origin>(origin: T | null): origin is T =>
    origin !== null && origin.etag === etag && origin.finalUrl === finalUrl;
  if (status === 200) return { kind: 'all', etag };
  if (status === 304 && isOf(whole)) return { kind: 'unchanged', whole };
  if (status === 206 && isOf(part)) {
    const range = parseContentRange(body.headers['content-range']);
    const isNext = range?.startBytes === partBytes && range.totalBytes === part.totalBytes;
    // It may end early, and the next attempt ask for what is left; its length has to be the body's.
    const lengthBytes = announcedLength(body.headers['content-length']);
    const isWhole = lengthBytes === null || partBytes + lengthBytes === range?.endBytes;
    if (isNext && isWhole) return { kind: 'rest', part };
  }
  return { kind: 'contradiction' };
}
