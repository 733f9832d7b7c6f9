import { crc16 } from './crc16.js';
import { crc32c, crc32cOfNumber } from './crc32c.js';
import type { Superblock } from './superblock.js';

const INITIAL = 0xffffffff;
const UUID_AT = 0x68;
/** Where a superblock has the seed of checksums, four bytes. */
export const SEED_AT = 0x270;

/**
 * The checksums that a filesystem keeps of its own parts. They are derived: which of them are right
 * says nothing new, and all depend on the UUID. So right ones are left out of what is compared.
 *
 * Source: Linux, Documentation/filesystems/ext4, "Checksums"
 */
export class Checksums {
  /** Whether parts have a CRC-32C. */
  readonly isKept: boolean;
  private readonly isGroupCrc16: boolean;
  /** What the UUID gives as the seed of all others; null where none is written beside it. */
  readonly writtenSeed: number | null;
  private readonly seed: number;
  private readonly uuid: Buffer;

  constructor({ bytes, features }: Superblock) {
    this.isKept = features.has('metadata_csum');
    this.isGroupCrc16 = features.has('uninit_bg');
    this.uuid = bytes.subarray(UUID_AT, UUID_AT + 16);
    const isWritten = features.has('metadata_csum_seed');
    const ofUuid = crc32c(INITIAL, this.uuid);
    this.writtenSeed = isWritten ? ofUuid : null;
    this.seed = isWritten ? bytes.readUInt32LE(SEED_AT) : ofUuid;
  }

  /** Of a superblock without its last four bytes. */
  superblock(bytes: Buffer): number {
    return crc32c(INITIAL, bytes, 0, bytes.length - 4);
  }

  /** Of a group descriptor whose own checksum is zeroed; null where none is kept. */
  descriptor(group: number, bytes: Buffer): number | null {
    if (this.isKept) return crc32c(crc32cOfNumber(this.seed, group), bytes) & 0xffff;
    if (!this.isGroupCrc16) return null;
    const number = Buffer.alloc(4);
    number.writeUInt32LE(group);
    const seed = crc16(crc16(0xffff, this.uuid), number);
    // The old checksum covers what stands before and after its own field, and not the field.
    return crc16(crc16(seed, bytes.subarray(0, 0x1e)), bytes.subarray(0x20));
  }

  /** Of any part that belongs to the filesystem as a whole. */
  part(bytes: Buffer, length: number): number {
    return crc32c(this.seed, bytes, 0, length);
  }

  /** Of a block of extended attributes whose own checksum is zeroed. */
  xattrBlock(block: number, bytes: Buffer): number {
    const low = crc32cOfNumber(this.seed, block % 2 ** 32);
    return crc32c(crc32cOfNumber(low, Math.floor(block / 2 ** 32)), bytes);
  }

  /** Where checksums of an inode's own parts begin. */
  ofInode(inode: number, generation: number): number {
    return crc32cOfNumber(crc32cOfNumber(this.seed, inode), generation);
  }
}
