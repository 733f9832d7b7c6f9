import { type EntryVisitor, readEntries } from './directory-entries.js';
import { FLAG, type Inode } from './inode.js';
import { inlineData } from './inline-data.js';
import { malformed } from './malformed.js';
import { type BlockVisitor, runsOf } from './runs.js';
import type { Volume } from './volume.js';

/** In an inode the number of the parent stands before the entries, which name neither `.` nor `..`. */
const INLINE_PARENT_BYTES = 4;
/** The entries begin anew where the bytes in the inode proper end. */
const INLINE_PART_BYTES = 60;

/** Told what a directory holds. */
export interface DirectoryVisitor extends BlockVisitor {
  /** A block of entries, before them; absent for a directory that lies in its inode. */
  block?(number: number, bytes: Buffer): void;
  entry(inode: number, name: Buffer, fileType: number): void;
}

/**
 * Reads a directory's entries in stored order, `.` and `..` left out. What the names point to is not
 * looked at.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED, TOO_LARGE
 */
export function readDirectory(volume: Volume, inode: Inode, to: DirectoryVisitor): void {
  const where = `directory ${inode.number}`;
  if (inode.kind !== 'directory') throw malformed(`${where} is none`);
  if (inode.has(FLAG.INLINE_DATA)) {
    const bytes = inlineData(volume, inode);
    const first = bytes.subarray(INLINE_PARENT_BYTES, INLINE_PART_BYTES);
    readEntries(first, where, entriesOf(first, to));
    const second = bytes.subarray(INLINE_PART_BYTES);
    readEntries(second, where, entriesOf(second, to));
    return;
  }
  const { triples } = runsOf(volume, inode, to);
  for (let index = 0; index < triples.length; index += 3) {
    const first = triples[index + 1] ?? 0;
    const end = first + (triples[index + 2] ?? 0);
    for (let block = first; block < end; block += 1) {
      const bytes = volume.block(block);
      to.block?.(block, bytes);
      readEntries(bytes, where, entriesOf(bytes, to));
    }
  }
}

function entriesOf(bytes: Buffer, to: DirectoryVisitor): EntryVisitor {
  return (inode, nameAt, nameBytes, fileType) => {
    const isDot = bytes[nameAt] === 0x2e;
    if (isDot && (nameBytes === 1 || (nameBytes === 2 && bytes[nameAt + 1] === 0x2e))) return;
    to.entry(inode, bytes.subarray(nameAt, nameAt + nameBytes), fileType);
  };
}
