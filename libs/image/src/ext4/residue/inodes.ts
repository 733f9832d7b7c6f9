import { STRUCTURAL_FLAGS } from '../file-flags.js';
import { BLOCK_AREA_AT, BLOCK_AREA_BYTES, FLAG, type Inode, OLD_INODE_BYTES } from '../inode.js';
import { hasField, TIME_FIELDS } from '../inode-times.js';
import { inodeXattrs } from '../xattrs.js';
import { isZero } from '../zeros.js';
import { settleInodeChecksum } from './inode-checksum.js';
import type { Residue } from './residue.js';
import { maskXattrs } from './xattr-region.js';

const CREATED_AT = 0x108;
/** Times end there; what follows, a second half of the version and a project, nobody tells. */
const TIMES_END = 0x98;

/**
 * Accounts for an inode that members tell of. Their attributes have mode, owner, size, flags and times;
 * everything else goes into one of the digests.
 */
export function feedMember(inode: Inode, residue: Residue): void {
  const { bytes, number } = inode;
  if (inode.generation !== 0) {
    residue.hasGenerations = true;
    residue.generations.add('gene', number, bytes.subarray(0x64, 0x68));
  }
  settleInodeChecksum(inode, residue);
  feedLayout(inode, residue);
  const untold =
    bytes.readUInt32LE(0x14) |
    bytes.readUInt32LE(0x24) |
    bytes.readUInt32LE(0x70) |
    bytes.readUInt16LE(0x7e);
  if (untold !== 0) feedUntold(inode, residue);
  if (bytes.length > OLD_INODE_BYTES) feedTail(inode, residue);
}

/** Time of deletion, version, and what nobody uses. */
function feedUntold({ bytes, number }: Inode, residue: Residue): void {
  const record = Buffer.alloc(14);
  bytes.copy(record, 0, 0x14, 0x18);
  bytes.copy(record, 4, 0x24, 0x28);
  bytes.copy(record, 8, 0x70, 0x74);
  bytes.copy(record, 12, 0x7e, 0x80);
  residue.rest.add('inod', number, record);
}

/** Links, blocks, where those lie, where the attributes lie. In a buffer of its own, as one record. */
const layoutRecord = Buffer.alloc(6 + 4 + BLOCK_AREA_BYTES + 4 + 4 + 2);

function feedLayout(inode: Inode, residue: Residue): void {
  const { bytes } = inode;
  let to = bytes.copy(layoutRecord, 0, 0x1a, 0x20);
  to = layoutRecord.writeUInt32LE((inode.flags & STRUCTURAL_FLAGS) >>> 0, to);
  const areaAt = to;
  to += bytes.copy(layoutRecord, to, BLOCK_AREA_AT, BLOCK_AREA_AT + BLOCK_AREA_BYTES);
  if (isInline(inode) || inode.isFastSymlink) {
    // Of a short link or a small file these are the bytes themselves.
    layoutRecord.fill(0, areaAt, areaAt + Math.min(inode.sizeBytes, BLOCK_AREA_BYTES));
  }
  to += bytes.copy(layoutRecord, to, 0x68, 0x6c);
  to += bytes.copy(layoutRecord, to, 0x74, 0x78);
  if (bytes.length > OLD_INODE_BYTES) bytes.copy(layoutRecord, to, 0x80, 0x82);
  else layoutRecord.writeUInt16LE(0, to);
  residue.layout.add('inod', inode.number, layoutRecord);
}

/** What follows the times: attributes, fields of later years, or nothing that has a meaning. */
function feedTail(inode: Inode, residue: Residue): void {
  const { bytes, number } = inode;
  const attributesAt = OLD_INODE_BYTES + inode.extraBytes;
  const start = Math.min(attributesAt - (attributesAt % 4), TIMES_END);
  const xattrs = inodeXattrs(inode);
  const end = xattrs === null ? bytes.length : attributesAt;
  if (!isZero(bytes, start, end)) residue.rest.add('tail', number, bytes.subarray(start, end));
  if (xattrs === null) return;
  const masked = Buffer.from(xattrs.bytes);
  const told = isInline(inode) ? Math.max(0, inode.sizeBytes - BLOCK_AREA_BYTES) : 0;
  maskXattrs({ ...xattrs, bytes: masked }, 'hshI', number, residue, told);
  residue.layout.add('xatI', number, masked);
}

/** Not for a directory: what stands there beside the names is told by nobody. */
function isInline(inode: Inode): boolean {
  return inode.has(FLAG.INLINE_DATA) && (inode.kind === 'file' || inode.kind === 'symlink');
}

/** Accounts for an inode that no name leads to: the journal's, a deleted one's. */
export function feedOther(stored: Inode, superblock: Buffer, residue: Residue): void {
  const inode = stored.copy();
  settleInodeChecksum(inode, residue);
  // mke2fs gives its own inodes the time at which it made the filesystem, and that one is told.
  const created = superblock.readUInt32LE(CREATED_AT);
  for (const { at } of TIME_FIELDS) {
    if (at >= OLD_INODE_BYTES && !hasField(inode, at)) continue;
    residue.settle('time', inode.number, inode.bytes, { at, length: 4 }, created);
  }
  residue.rest.add('free', inode.number, inode.bytes);
}
