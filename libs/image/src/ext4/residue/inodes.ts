import { crc32c } from '../crc32c.js';
import { STRUCTURAL_FLAGS } from '../file-flags.js';
import { BLOCK_AREA_AT, BLOCK_AREA_BYTES, FLAG, Inode, OLD_INODE_BYTES } from '../inode.js';
import { hasField, TIME_FIELDS } from '../inode-times.js';
import { inodeXattrs } from '../xattrs.js';
import type { Field, Residue } from './residue.js';
import { maskXattrs } from './xattr-region.js';

const FLAGS_AT = 0x20;
const GENERATION_AT = 0x64;
const LOW_CHECKSUM: Field = { at: 0x7c, length: 2 };
const HIGH_CHECKSUM: Field = { at: 0x82, length: 2 };
const CREATED_AT = 0x108;

/** Mode, owner, size, times: what the members' attributes tell. */
const TOLD: readonly (readonly [at: number, end: number])[] = [
  ...([
    [0x00, 0x14],
    [0x18, 0x1a],
    [0x6c, 0x70],
    [0x78, 0x7c],
  ] as const),
];
/** Links, blocks, where those lie, where the attributes lie. */
const LAYOUT: readonly (readonly [at: number, end: number])[] = [
  ...([
    [0x1a, 0x24],
    [BLOCK_AREA_AT, 0x64],
    [0x68, 0x6c],
    [0x74, 0x78],
    [0x80, 0x82],
  ] as const),
];
const LAYOUT_BYTES = LAYOUT.reduce((sum, [at, end]) => sum + end - at, 0);

/**
 * Accounts for an inode that members tell of: zeroes in place what they tell, and what goes into other
 * digests than `rest`. What is left is the caller's to feed.
 */
export function maskMember(inode: Inode, residue: Residue): void {
  const { bytes, number } = inode;
  settleChecksum(inode, residue);
  if (inode.generation !== 0) {
    residue.hasGenerations = true;
    const field = bytes.subarray(GENERATION_AT, GENERATION_AT + 4);
    residue.generations.add('gene', number, field);
    field.fill(0);
  }
  const xattrs = inodeXattrs(inode);
  maskTimes(inode);
  maskContent(inode);
  if (xattrs !== null) {
    maskXattrs(xattrs, 'hshI', number, residue, inlineBytes(inode));
    residue.layout.add('xatI', number, xattrs.bytes);
    xattrs.bytes.fill(0);
  }
  bytes.writeUInt32LE((inode.flags & STRUCTURAL_FLAGS) >>> 0, FLAGS_AT);
  feedLayout(inode, residue);
  for (const [at, end] of TOLD) bytes.fill(0, at, end);
}

/** In a buffer of its own: an inode is fed as one record. */
const layoutRecord = Buffer.alloc(LAYOUT_BYTES);

function feedLayout({ bytes, number }: Inode, residue: Residue): void {
  let to = 0;
  for (const [at, end] of LAYOUT) {
    if (end > bytes.length) continue;
    to += bytes.copy(layoutRecord, to, at, end);
    bytes.fill(0, at, end);
  }
  residue.layout.add('inod', number, layoutRecord.subarray(0, to));
}

function maskTimes(inode: Inode): void {
  for (const { at, extraAt } of TIME_FIELDS) {
    if (at >= OLD_INODE_BYTES && hasField(inode, at)) inode.bytes.fill(0, at, at + 4);
    if (hasField(inode, extraAt)) {
      const isTold = at < OLD_INODE_BYTES || hasField(inode, at);
      if (isTold) inode.bytes.fill(0, extraAt, extraAt + 4);
    }
  }
}

/** Of a short link or a small file the inode has the bytes themselves. */
function maskContent(inode: Inode): void {
  if (!isInline(inode) && !inode.isFastSymlink) return;
  const told = Math.min(inode.sizeBytes, BLOCK_AREA_BYTES);
  inode.bytes.fill(0, BLOCK_AREA_AT, BLOCK_AREA_AT + told);
}

function inlineBytes(inode: Inode): number {
  return isInline(inode) ? Math.max(0, inode.sizeBytes - BLOCK_AREA_BYTES) : 0;
}

/** Not for a directory: what stands there beside the names is told by nobody. */
function isInline(inode: Inode): boolean {
  return inode.has(FLAG.INLINE_DATA) && (inode.kind === 'file' || inode.kind === 'symlink');
}

/**
 * Masks what is derived in an inode that no name leads to: the journal's, a deleted one's. All else of
 * it stays, to be fed by the caller.
 */
export function maskOther(inode: Inode, superblock: Buffer, residue: Residue): void {
  settleChecksum(inode, residue);
  // mke2fs gives its own inodes the time at which it made the filesystem, and that one is told.
  const created = superblock.readUInt32LE(CREATED_AT);
  for (const { at } of TIME_FIELDS) {
    if (at >= OLD_INODE_BYTES && !hasField(inode, at)) continue;
    residue.settle('time', inode.number, inode.bytes, { at, length: 4 }, created);
  }
}

function settleChecksum(inode: Inode, residue: Residue): void {
  if (!residue.checksums.isKept) return;
  const { bytes, number } = inode;
  const hasHigh = inode.extraBytes >= 4;
  const low = bytes.readUInt16LE(LOW_CHECKSUM.at);
  const high = hasHigh ? bytes.readUInt16LE(HIGH_CHECKSUM.at) : 0;
  bytes.writeUInt16LE(0, LOW_CHECKSUM.at);
  if (hasHigh) bytes.writeUInt16LE(0, HIGH_CHECKSUM.at);
  const sum = crc32c(residue.checksums.ofInode(number, inode.generation), bytes);
  bytes.writeUInt16LE(low, LOW_CHECKSUM.at);
  residue.settle('sumI', number, bytes, LOW_CHECKSUM, sum & 0xffff);
  if (!hasHigh) return;
  bytes.writeUInt16LE(high, HIGH_CHECKSUM.at);
  residue.settle('sumI', number, bytes, HIGH_CHECKSUM, sum >>> 16);
}
