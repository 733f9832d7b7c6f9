import type { ByteSource } from '../byte-source.js';
import type { RestDigest } from '../rest-digest.js';
import { ATTRIBUTE, ENTRY_BYTES, type FatEntry, readEntry, shortName } from './entry.js';
import { LongName } from './long-name.js';
import { malformed } from './malformed.js';

/** A name in a directory. */
export interface NamedEntry extends FatEntry {
  readonly name: string;
  readonly isLong: boolean;
}

/** What a directory holds. */
export interface DirectoryListing {
  readonly entries: readonly NamedEntry[];
  /** The volume's label, in the root directory. */
  readonly label: FatEntry | null;
}

const END = 0x00;
const DELETED = 0xe5;
/** As many as FAT allows: 2 MiB of entries. */
const MAX_DIRECTORY_BYTES = 2 * 1024 ** 2;

/**
 * Lists a directory. What no name tells, such as deleted entries, goes to `rest`.
 *
 * @throws ImageError MALFORMED_FILESYSTEM
 */
export function listDirectory(
  source: ByteSource,
  bits: number,
  rest: RestDigest,
): DirectoryListing {
  if (source.sizeBytes > MAX_DIRECTORY_BYTES) throw malformed('has a directory of more than 2 MiB');
  const bytes = Buffer.from(source.read(0, source.sizeBytes));
  const entries: NamedEntry[] = [];
  const long = new LongName();
  let label: FatEntry | null = null;
  let at = 0;
  const noteAll = (parts: readonly Buffer[]): void => {
    for (const part of parts) rest.note(`entry ${at}`, part);
  };
  for (; at + ENTRY_BYTES <= bytes.length && bytes[at] !== END; at += ENTRY_BYTES) {
    const raw = bytes.subarray(at, at + ENTRY_BYTES);
    const entry = readEntry(raw, bits);
    if (raw[0] === DELETED) {
      noteAll([raw]);
    } else if ((entry.attribute & 0x3f) === ATTRIBUTE.longName) {
      long.add(raw);
    } else if ((entry.attribute & ATTRIBUTE.label) !== 0) {
      noteAll(label === null ? long.orphans() : [...long.orphans(), raw]);
      label ??= entry;
    } else {
      const claimed = long.claim(raw);
      if ('orphans' in claimed) noteAll(claimed.orphans);
      const isLong = 'name' in claimed;
      if (bits !== 32) rest.note(`high ${at}`, raw.subarray(20, 22));
      entries.push({ ...entry, name: isLong ? claimed.name : shortName(raw), isLong });
    }
  }
  noteAll(long.orphans());
  for (; at < bytes.length; at += ENTRY_BYTES) {
    rest.note(`free ${at}`, bytes.subarray(at, at + ENTRY_BYTES));
  }
  return { entries, label };
}
