import { malformed } from './malformed.js';

/** What stands before the name. */
const HEADER_BYTES = 8;

/** Told one entry that is in use: where its name lies in `bytes`, and the type of file it claims. */
export type EntryVisitor = (
  inode: number,
  nameAt: number,
  nameBytes: number,
  fileType: number,
) => void;

/**
 * Reads the entries of one block of a directory, or of one that lies in its inode, in stored order.
 * The nodes of a hash tree look like entries that are not in use, and so are passed over.
 *
 * @throws ImageError MALFORMED_FILESYSTEM
 * Source: Linux, Documentation/filesystems/ext4, "Linear (Classic) Directories"
 */
export function readEntries(bytes: Buffer, where: string, visit: EntryVisitor): void {
  let at = 0;
  while (at < bytes.length) {
    if (at + HEADER_BYTES > bytes.length) throw malformed(`${where} has an entry that is cut`);
    const inode = bytes.readUInt32LE(at);
    const length = entryLength(bytes.readUInt16LE(at + 4), bytes.length);
    const nameBytes = bytes.readUInt8(at + 6);
    const isWhole =
      length >= HEADER_BYTES + nameBytes && length % 4 === 0 && at + length <= bytes.length;
    if (!isWhole || length < HEADER_BYTES) throw malformed(`${where} has an entry of no length`);
    if (inode !== 0) visit(inode, at + HEADER_BYTES, nameBytes, bytes.readUInt8(at + 7));
    at += length;
  }
}

/** A length of 64 KiB does not fit its field, and is written in another way. */
function entryLength(stored: number, blockBytes: number): number {
  if (blockBytes < 65536) return stored;
  if (stored === 65535 || stored === 0) return blockBytes;
  return (stored & 65532) | ((stored & 3) << 16);
}
