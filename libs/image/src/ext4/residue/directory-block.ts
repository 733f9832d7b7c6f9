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
    settleTail(bytes, seed, block, residue);
    if (inode.has(FLAG.INDEX)) settleNode(bytes, seed, block, residue);
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

/** A node of a hash tree stands where entries would: all of its block, or after `.` and `..`. */
function settleNode(bytes: Buffer, seed: number, block: number, residue: Residue): void {
  const firstLength = bytes.readUInt16LE(4);
  const countsAt =
    firstLength === bytes.length ? 8 : firstLength === 12 ? 24 + bytes.readUInt8(29) : -1;
  if (countsAt < 0 || countsAt + 4 > bytes.length) return;
  const limit = bytes.readUInt16LE(countsAt);
  const count = bytes.readUInt16LE(countsAt + 2);
  const tailAt = countsAt + limit * NODE_ENTRY_BYTES;
  if (count > limit || tailAt + 8 > bytes.length) return;
  let expected = crc32c(seed, bytes, 0, countsAt + count * NODE_ENTRY_BYTES);
  expected = crc32c(expected, bytes, tailAt, tailAt + 4);
  expected = crc32cOfNumber(expected, 0);
  residue.settle('sumD', block, bytes, { at: tailAt + 4, length: 4 }, expected);
}
