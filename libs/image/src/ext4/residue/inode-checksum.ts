import { crc32c } from '../crc32c.js';
import { type Inode, OLD_INODE_BYTES } from '../inode.js';
import { isZero } from '../zeros.js';
import type { Residue } from './residue.js';

const LOW = { at: 0x7c, length: 2 };
const HIGH = { at: 0x82, length: 2 };
const NOTHING = Buffer.alloc(2);

/**
 * Zeroes the checksum of an inode; where it is wrong, or none is kept, `rest` holds what was there. A
 * high half that the inode has no room for is none.
 */
export function settleInodeChecksum(inode: Inode, residue: Residue): void {
  const { bytes, number } = inode;
  const hasHigh = inode.extraBytes >= 4;
  if (!residue.checksums.isKept) {
    if (!isZero(bytes, LOW.at, LOW.at + 2)) residue.keep('sumI', number, bytes, LOW);
    if (hasHigh && !isZero(bytes, HIGH.at, HIGH.at + 2)) {
      residue.keep('sumI', number, bytes, HIGH);
    }
    return;
  }
  // Both halves count as zeros.
  let sum = residue.checksums.ofInode(number, inode.generation);
  sum = crc32c(crc32c(sum, bytes, 0, LOW.at), NOTHING);
  sum = crc32c(sum, bytes, LOW.at + 2, OLD_INODE_BYTES);
  if (hasHigh) {
    sum = crc32c(crc32c(sum, bytes, OLD_INODE_BYTES, HIGH.at), NOTHING);
    sum = crc32c(sum, bytes, HIGH.at + 2);
  } else {
    sum = crc32c(sum, bytes, OLD_INODE_BYTES);
  }
  residue.settle('sumI', number, bytes, LOW, sum & 0xffff);
  if (hasHigh) residue.settle('sumI', number, bytes, HIGH, sum >>> 16);
}
