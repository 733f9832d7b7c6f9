import { crc32c, crc32cOfNumber } from '../crc32c.js';
import { readEntries } from '../directory-entries.js';
import { FLAG, type Inode } from '../inode.js';
import type { Residue } from './residue.js';

const TAIL_BYTES = 12;
const TAIL_TYPE = 0xde;
/** Of an entry in a node of a hash tree, and of the counts before them. */
const NODE_ENTRY_BYTES = 8;

/**
 * Accounts for a block of a directory: numbers, lengths and types of its entries, hashes, and what is
 * left of deleted names. The names in use are told by the members and their order.
 *
 * @throws ImageError MALFORMED_FILESYSTEM
 */
export function feedDirectoryBlock(
  inode: Inode,
  block: number,
  stored: Buffer,
  residue: Residue,
): void {
  const bytes = Buffer.from(stored);
  if (residue.checksums.isKept) {
    const seed = residue.checksums.ofInode(inode.number, inode.generation);
    const countsAt = inode.has(FLAG.INDEX) ? nodeCountsAt(bytes) : null;
    if (countsAt === null) settleTail(bytes, seed, block, residue);
    else settleNode(bytes, countsAt, seed, block, residue);
  }
  readEntries(stored, `directory ${inode.number}`, (_inode, nameAt, nameBytes) => {
    bytes.fill(0, nameAt, nameAt + nameBytes);
  });
  residue.layout.add('dir ', block, bytes);
}

function settleTail(bytes: Buffer, seed: number, block: number, residue: Residue): void {
  const at = bytes.length - TAIL_BYTES;
  const isTail =
    bytes.readUInt32LE(at) === 0 &&
    bytes.readUInt32LE(at + 4) === (TAIL_BYTES | (TAIL_TYPE << 24)) >>> 0;
  if (!isTail) return;
  residue.settle('sumD', block, bytes, { at: at + 8, length: 4 }, crc32c(seed, bytes, 0, at));
}

/**
 * A node of a hash tree stands where entries would: in all of its block, or in what `.` and `..` leave.
 * Null for a block of entries.
 */
function nodeCountsAt(bytes: Buffer): number | null {
  const [first, second] = [bytes.readUInt16LE(4), bytes.readUInt16LE(16)];
  // Of 64 KiB the length does not fit its field.
  const isWhole = first === bytes.length || (bytes.length === 65536 && first % 65535 === 0);
  if (bytes.readUInt32LE(0) === 0 && isWhole) return 8;
  const isRoot = first === 12 && second === bytes.length - 12 && bytes.readUInt8(29) === 8;
  return isRoot ? 32 : null;
}

/** Its checksum covers the entries that are in use, and follows the last for which there is room. */
function settleNode(
  bytes: Buffer,
  countsAt: number,
  seed: number,
  block: number,
  residue: Residue,
): void {
  const limit = bytes.readUInt16LE(countsAt);
  const count = bytes.readUInt16LE(countsAt + 2);
  const tailAt = countsAt + limit * NODE_ENTRY_BYTES;
  if (count > limit || tailAt + 8 > bytes.length) return;
  let expected = crc32c(seed, bytes, 0, countsAt + count * NODE_ENTRY_BYTES);
  expected = crc32cOfNumber(crc32c(expected, bytes, tailAt, tailAt + 4), 0);
  residue.settle('sumD', block, bytes, { at: tailAt + 4, length: 4 }, expected);
}
