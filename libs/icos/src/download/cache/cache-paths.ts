import { dirname, join } from 'node:path';
import { sha256 } from '#libs/encoding';

/** Where the parts of one cached URL lie. */
export interface CachePaths {
  /** The whole file, once there is one. */
  readonly file: string;
  /** What is known of it. */
  readonly record: string;
  /** A file that is still to become whole. */
  readonly part: string;
  readonly partRecord: string;
  readonly lock: string;
}

/** Digits of the URL's digest in a name: as many as nobody finds two URLs for. */
const DIGEST_CHARACTERS = 32;
const MAX_SEGMENT_CHARACTERS = 64;
const MAX_SEGMENTS = 12;

/**
 * Says where a URL's bytes lie below a folder: `host/path/<digest of the URL>@name`. Folders and
 * name are there for people, and are cut and smoothed as it suits a file system; what tells two
 * URLs apart is the digest alone, so neither case, length, query nor odd characters make two of
 * them one file.
 *
 * The URL is one that an allow-list let pass, in its canonical spelling.
 */
export function cachePaths(folder: string, url: URL): CachePaths {
  const segments = url.pathname.split('/').slice(1);
  const name = plain(segments.pop() ?? '') || 'index';
  const folders = segments.map(plain).filter((segment) => segment !== '');
  const digest = sha256(url.href).slice(0, DIGEST_CHARACTERS);
  // The digest and its sign come first: a folder has no such sign in its name, so no file stands
  // where another URL wants a folder, and no name ends in a way that is taken for a part or a lock.
  const file = join(folder, plain(url.host), ...middleCut(folders), `${digest}@${name}`);
  return {
    file,
    record: `${file}.json`,
    part: `${file}.part`,
    partRecord: `${file}.part.json`,
    lock: `${file}.lock`,
  };
}

/** The folder in which all of them lie. */
export function folderOf({ file }: CachePaths): string {
  return dirname(file);
}

/** Letters, digits, dots and dashes, the first of them no dot: neither `..` nor anything hidden. */
function plain(segment: string): string {
  return segment
    .slice(0, MAX_SEGMENT_CHARACTERS)
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\./, '_');
}

function middleCut(segments: readonly string[]): readonly string[] {
  if (segments.length <= MAX_SEGMENTS) return segments;
  return [...segments.slice(0, MAX_SEGMENTS / 2), '_', ...segments.slice(-MAX_SEGMENTS / 2)];
}
