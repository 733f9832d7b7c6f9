import { EXTENT_MAGIC, MAX_WRITTEN_BLOCKS } from '../extent-tree.js';
import { BLOCK_AREA_AT, FLAG } from '../inode.js';

/** A file whose bytes lie in one run of blocks. */
export interface SingleRun {
  readonly inode: number;
  /** First block; of 0 nobody's file begins there. */
  readonly first: number;
  readonly sizeBytes: number;
}

const REGULAR_FILE = 8;
const EXTENT_BYTES = 12;
const EXTENTS_IN_INODE = 4;
const OTHER = FLAG.ENCRYPT | FLAG.EA_INODE | FLAG.INLINE_DATA;

/**
 * Finds where a file lies, if it is a regular one with a name, without holes and in one piece: as most
 * files of an image that was made in one go. Null for all others, whatever is wrong with them: who
 * reads the filesystem will say it.
 */
export function singleRun(
  table: Buffer,
  at: number,
  inode: number,
  blockBytes: number,
): SingleRun | null {
  if (table.readUInt16LE(at) >> 12 !== REGULAR_FILE || table.readUInt16LE(at + 0x1a) === 0) {
    return null;
  }
  const flags = table.readUInt32LE(at + 0x20);
  const sizeBytes = table.readUInt32LE(at + 0x04) + table.readUInt32LE(at + 0x6c) * 2 ** 32;
  const isFit = (flags & FLAG.EXTENTS) !== 0 && (flags & OTHER) === 0;
  if (!isFit || sizeBytes === 0 || !Number.isSafeInteger(sizeBytes)) return null;
  const tree = at + BLOCK_AREA_AT;
  const extents = table.readUInt16LE(tree + 2);
  const isLeaf = table.readUInt16LE(tree) === EXTENT_MAGIC && table.readUInt16LE(tree + 6) === 0;
  if (!isLeaf || extents === 0 || extents > EXTENTS_IN_INODE) return null;
  let first = 0;
  let count = 0;
  for (let extent = tree + EXTENT_BYTES, left = extents; left > 0; left -= 1) {
    const length = table.readUInt16LE(extent + 4);
    const physical = table.readUInt32LE(extent + 8) + table.readUInt16LE(extent + 6) * 2 ** 32;
    if (count === 0) first = physical;
    const goesOn = table.readUInt32LE(extent) === count && physical === first + count;
    if (!goesOn || length === 0 || length > MAX_WRITTEN_BLOCKS) return null;
    count += length;
    extent += EXTENT_BYTES;
  }
  return count * blockBytes >= sizeBytes ? { inode, first, sizeBytes } : null;
}
