import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import { Features } from './features.js';
import { malformed } from './malformed.js';

/** Where the first superblock lies, whatever the block size. */
export const SUPERBLOCK_AT = 1024;
export const SUPERBLOCK_BYTES = 1024;

const MAGIC = 0xef53;
/** mke2fs makes no smaller groups; much smaller ones would make the table of groups enormous. */
const MIN_GROUP_BLOCKS = 256;

/** The header of a filesystem: what the reader needs of it, and its bytes. */
export interface Superblock {
  readonly bytes: Buffer;
  readonly features: Features;
  readonly blockBytes: number;
  readonly blocks: number;
  readonly firstDataBlock: number;
  readonly blocksPerGroup: number;
  readonly clustersPerGroup: number;
  readonly groups: number;
  readonly inodes: number;
  readonly inodesPerGroup: number;
  readonly inodeBytes: number;
  readonly descriptorBytes: number;
}

/** Tells whether a source begins as an ext2, ext3 or ext4 filesystem does. Reads 2 bytes. */
export function isExt4(source: ByteSource): boolean {
  return (
    source.sizeBytes >= SUPERBLOCK_AT + SUPERBLOCK_BYTES &&
    source.read(SUPERBLOCK_AT + 0x38, 2).readUInt16LE() === MAGIC
  );
}

/**
 * Reads the first superblock, and refuses one whose numbers cannot belong together.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, UNSUPPORTED, TRUNCATED
 * Source: Linux, Documentation/filesystems/ext4, "Super Block"
 */
export function readSuperblock(source: ByteSource): Superblock {
  const bytes = Buffer.from(source.read(SUPERBLOCK_AT, SUPERBLOCK_BYTES));
  if (bytes.readUInt16LE(0x38) !== MAGIC) throw malformed('no superblock is there');
  const isOld = bytes.readUInt32LE(0x4c) === 0;
  const features = isOld
    ? new Features(0, 0, 0)
    : new Features(bytes.readUInt32LE(0x5c), bytes.readUInt32LE(0x60), bytes.readUInt32LE(0x64));
  features.check();

  const logBlock = bytes.readUInt32LE(0x18);
  if (logBlock > 6) throw malformed(`blocks of 2^${logBlock + 10} bytes`);
  const is64 = features.has('64bit');
  const superblock: Superblock = {
    bytes,
    features,
    blockBytes: 1024 << logBlock,
    blocks: bytes.readUInt32LE(0x04) + (is64 ? bytes.readUInt32LE(0x150) * 2 ** 32 : 0),
    firstDataBlock: bytes.readUInt32LE(0x14),
    blocksPerGroup: bytes.readUInt32LE(0x20),
    clustersPerGroup: bytes.readUInt32LE(features.has('bigalloc') ? 0x24 : 0x20),
    groups: groupsOf(bytes, is64),
    inodes: bytes.readUInt32LE(0x00),
    inodesPerGroup: bytes.readUInt32LE(0x28),
    inodeBytes: isOld ? 128 : bytes.readUInt16LE(0x58),
    descriptorBytes: is64 ? bytes.readUInt16LE(0xfe) : 32,
  };
  check(superblock, source.sizeBytes);
  return superblock;
}

function groupsOf(bytes: Buffer, is64: boolean): number {
  const blocks = bytes.readUInt32LE(0x04) + (is64 ? bytes.readUInt32LE(0x150) * 2 ** 32 : 0);
  return Math.ceil((blocks - bytes.readUInt32LE(0x14)) / bytes.readUInt32LE(0x20));
}

function check(s: Superblock, sizeBytes: number): void {
  // Everything after trusts these: whatever is counted by them has to fit the image.
  if (s.blocks * s.blockBytes > sizeBytes) {
    throw new ImageError(
      'TRUNCATED',
      `a filesystem of ${s.blocks} blocks of ${s.blockBytes} bytes ends at byte ${sizeBytes}`,
    );
  }
  const isOfSize = (value: number, least: number): boolean =>
    value >= least && value <= s.blockBytes && (value & (value - 1)) === 0;
  const bitmapBits = 8 * s.blockBytes;
  if (s.firstDataBlock > 1 || s.blocks <= s.firstDataBlock) throw malformed('it has no blocks');
  if (
    s.clustersPerGroup < 1 ||
    s.clustersPerGroup > bitmapBits ||
    s.blocksPerGroup < MIN_GROUP_BLOCKS
  ) {
    throw malformed(`groups of ${s.blocksPerGroup} blocks`);
  }
  if (s.inodesPerGroup < 1 || s.inodesPerGroup > bitmapBits) {
    throw malformed(`groups of ${s.inodesPerGroup} inodes`);
  }
  if (s.groups * s.inodesPerGroup !== s.inodes) throw malformed(`${s.inodes} inodes in all`);
  if (!isOfSize(s.inodeBytes, 128)) throw malformed(`inodes of ${s.inodeBytes} bytes`);
  if (!isOfSize(s.descriptorBytes, 32)) throw malformed('its group descriptors have no size');
}
