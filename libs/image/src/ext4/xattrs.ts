import { toHex } from '#libs/encoding';
import { type Inode, OLD_INODE_BYTES } from './inode.js';
import { malformed } from './malformed.js';
import type { Volume } from './volume.js';

const MAGIC = 0xea020000;
const ENTRY_BYTES = 16;
/** The header of a block of attributes; in an inode only the magic number stands before them. */
export const BLOCK_HEADER_BYTES = 32;

const PREFIXES: Readonly<Record<number, string>> = {
  0: '',
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  6: 'security.',
  7: 'system.',
  8: 'system.richacl',
};
/** Index and name of what is no attribute but the rest of a small file's bytes. */
const INLINE = { index: 7, name: 'data' };

/** One extended attribute, and where in its region it lies. */
export interface StoredXattr {
  readonly prefix: string;
  readonly name: Buffer;
  readonly isInlineData: boolean;
  /** Where its entry and its value begin, from the region's begin; the value's bytes, if they are here. */
  readonly entryAt: number;
  readonly valueAt: number;
  readonly valueBytes: number;
  /** Inode that holds the value, 0 for none. */
  readonly valueInode: number;
}

/** Bytes that hold extended attributes: `region` of an inode, or a block of its own. */
export interface XattrRegion {
  readonly bytes: Buffer;
  readonly entries: readonly StoredXattr[];
}

/**
 * Reads the attributes that lie in the inode itself; null for none.
 *
 * @throws ImageError MALFORMED_FILESYSTEM
 * Source: Linux, Documentation/filesystems/ext4, "Extended Attributes"
 */
export function inodeXattrs(inode: Inode): XattrRegion | null {
  // Without a count of extra bytes nothing says where the attributes would begin.
  if (inode.extraBytes === 0) return null;
  const start = OLD_INODE_BYTES + inode.extraBytes;
  if (start + 8 > inode.bytes.length || inode.bytes.readUInt32LE(start) !== MAGIC) return null;
  const bytes = inode.bytes.subarray(start + 4);
  return { bytes, entries: readEntries(bytes, 0, `inode ${inode.number}`) };
}

/**
 * Reads a block of attributes.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 */
export function blockXattrs(volume: Volume, block: number): XattrRegion {
  const bytes = volume.block(block);
  if (bytes.readUInt32LE(0) !== MAGIC) throw malformed(`block ${block} holds no attributes`);
  return { bytes, entries: readEntries(bytes, BLOCK_HEADER_BYTES, `block ${block}`) };
}

function readEntries(bytes: Buffer, from: number, where: string): StoredXattr[] {
  const entries: StoredXattr[] = [];
  let at = from;
  // Four zero bytes end the list; a region that is full to its last byte ends it as well.
  while (at + 4 <= bytes.length && bytes.readUInt32LE(at) !== 0) {
    if (at + ENTRY_BYTES > bytes.length) throw malformed(`${where} has an attribute that is cut`);
    const nameBytes = bytes.readUInt8(at);
    const index = bytes.readUInt8(at + 1);
    const entry = {
      prefix: PREFIXES[index] ?? `index-${index}.`,
      name: bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      entryAt: at,
      valueAt: bytes.readUInt16LE(at + 2),
      valueInode: bytes.readUInt32LE(at + 4),
      valueBytes: bytes.readUInt32LE(at + 8),
    };
    const isInlineData = index === INLINE.index && entry.name.toString('latin1') === INLINE.name;
    const isWithin = entry.valueInode !== 0 || entry.valueAt + entry.valueBytes <= bytes.length;
    if (entry.name.length < nameBytes || !isWithin) {
      throw malformed(`${where} has an attribute ${toHex(entry.name)} that is not within it`);
    }
    entries.push({ ...entry, isInlineData });
    at += ENTRY_BYTES + Math.ceil(nameBytes / 4) * 4;
  }
  return entries;
}
