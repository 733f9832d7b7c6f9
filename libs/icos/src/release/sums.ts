import { isSha256, quote, type Sha256 } from '#libs/encoding';
import { IcosError } from '../error.js';

/** A SHA256SUMS file, read. */
export interface Sums {
  /** Digest by file name. */
  readonly digests: ReadonlyMap<string, Sha256>;
  /** Names that stand there more than once, always with the same digest; in order of discovery. */
  readonly repeated: readonly string[];
}

/** Most characters of a SHA256SUMS that is read at all. */
export const MAX_SUMS_CHARACTERS = 1024 ** 2;

/**
 * A digest, then one space (the CDN), two spaces (`sha256sum`) or a space and an asterisk
 * (`sha256sum -b`). A name that begins with a space or an asterisk would read two ways.
 */
const LINE = /^([0-9a-f]{64}) [ *]?([^\s*\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?)$/u;

/**
 * Reads a SHA256SUMS file strictly: every line but an empty last one has to be an entry.
 *
 * @throws IcosError MALFORMED_SUMS with the number of the line, or when the text is too long
 * @throws IcosError SUMS_CONFLICT when one name has two digests: whoever took the last, or the
 * first, would be told what the file does not say
 * Source: GNU coreutils manual, "md5sum invocation"; dfinity/ic ci/src/artifacts/upload.sh
 */
export function parseSums(text: string): Sums {
  if (text.length > MAX_SUMS_CHARACTERS) {
    throw new IcosError('MALFORMED_SUMS', `SHA256SUMS is longer than ${MAX_SUMS_CHARACTERS}`);
  }
  const digests = new Map<string, Sha256>();
  const repeated = new Set<string>();
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) {
    const [, digest, name] = LINE.exec(line) ?? [];
    if (digest === undefined || name === undefined || !isSha256(digest)) {
      throw new IcosError(
        'MALFORMED_SUMS',
        `line ${index + 1} of SHA256SUMS is ${quote(line)}: expected a sha256, a space and a name`,
      );
    }
    const known = digests.get(name);
    if (known !== undefined && known !== digest) {
      throw new IcosError(
        'SUMS_CONFLICT',
        `line ${index + 1} of SHA256SUMS gives ${quote(name)} a second digest: ${digest}, not ${known}`,
      );
    }
    if (known !== undefined) repeated.add(name);
    digests.set(name, digest);
  }
  return { digests, repeated: [...repeated] };
}

/**
 * Gives the digest of one name, compared letter by letter.
 *
 * @throws IcosError NO_SUCH_SUM
 */
export function digestOf(sums: Sums, name: string): Sha256 {
  const digest = sums.digests.get(name);
  if (digest !== undefined) return digest;
  throw new IcosError(
    'NO_SUCH_SUM',
    `SHA256SUMS has no line for ${quote(name)} among its ${sums.digests.size}`,
  );
}
