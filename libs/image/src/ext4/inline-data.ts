import { ImageError } from '../error.js';
import { BLOCK_AREA_BYTES, type Inode } from './inode.js';
import type { Volume } from './volume.js';
import { inodeXattrs } from './xattrs.js';

/**
 * Bytes of a file or directory that lies in its inode: where else its blocks are told, and where those
 * do not suffice in an extended attribute beside.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TOO_LARGE
 * Source: Linux, Documentation/filesystems/ext4, "Inline Data"
 */
export function inlineData(volume: Volume, inode: Inode): Buffer {
  // No more than an inode can be asked for: its size is whatever somebody wrote there.
  if (inode.sizeBytes > volume.superblock.inodeBytes + BLOCK_AREA_BYTES) {
    throw new ImageError('TOO_LARGE', `inode ${inode.number} cannot hold ${inode.sizeBytes} bytes`);
  }
  const bytes = Buffer.alloc(inode.sizeBytes);
  inode.blockArea.copy(bytes);
  const region = inodeXattrs(inode);
  const entry = region?.entries.find((candidate) => candidate.isInlineData);
  if (region !== null && entry?.valueInode === 0 && bytes.length > BLOCK_AREA_BYTES) {
    region.bytes
      .subarray(entry.valueAt, entry.valueAt + entry.valueBytes)
      .copy(bytes, BLOCK_AREA_BYTES);
  }
  return bytes;
}
