import { malformed } from './malformed.js';
import type { MetadataCache } from './metadata-cache.js';
import type { Superblock } from './superblock.js';

/** Where a group keeps what. */
export interface Group {
  readonly number: number;
  /** Where its descriptor lies, in bytes from the filesystem's begin. */
  readonly descriptorAt: number;
  readonly descriptor: Buffer;
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
}

/** How many descriptors a block holds. */
export function descriptorsPerBlock(superblock: Superblock): number {
  return Math.floor(superblock.blockBytes / superblock.descriptorBytes);
}

/** First group whose descriptors lie in its own neighbourhood, and not after the superblock. */
function firstMetaGroup(superblock: Superblock): number {
  return superblock.features.has('meta_bg')
    ? superblock.bytes.readUInt32LE(0x104) * descriptorsPerBlock(superblock)
    : Infinity;
}

/** Blocks of descriptors that follow a superblock and each of its copies. */
export function tableBlocks(superblock: Superblock): number {
  const listed = Math.min(superblock.groups, firstMetaGroup(superblock));
  return Math.ceil(listed / descriptorsPerBlock(superblock));
}

/** Block in which the superblock lies, or would if its group has a copy. */
export function firstBlockOf(superblock: Superblock, group: number): number {
  return superblock.firstDataBlock + group * superblock.blocksPerGroup;
}

/** Tells whether a group holds a copy of the superblock. */
export function hasCopy(superblock: Superblock, group: number): boolean {
  const { features, bytes } = superblock;
  if (group === 0) return true;
  if (features.has('sparse_super2')) {
    return group === bytes.readUInt32LE(0x24c) || group === bytes.readUInt32LE(0x250);
  }
  if (!features.has('sparse_super') || group === 1) return true;
  return [3, 5, 7].some((base) => {
    let power = base;
    while (power < group) power *= base;
    return power === group;
  });
}

/**
 * Reads the descriptor of one group.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 * Source: Linux, Documentation/filesystems/ext4, "Block Group Descriptors", "Meta Block Groups"
 */
export function readGroup(
  superblock: Superblock,
  cache: Pick<MetadataCache, 'bytes'>,
  number: number,
): Group {
  const { blockBytes, descriptorBytes } = superblock;
  const perBlock = descriptorsPerBlock(superblock);
  const tableBlock = Math.floor(number / perBlock);
  // With blocks of 1 KiB block 0 is the boot sector's, and the superblock has block 1 for itself.
  const superblockAt = Math.max(superblock.firstDataBlock, blockBytes === 1024 ? 1 : 0);
  let block = superblockAt + 1 + tableBlock;
  if (number >= firstMetaGroup(superblock)) {
    const first = tableBlock * perBlock;
    block = firstBlockOf(superblock, first) + (hasCopy(superblock, first) ? 1 : 0);
  }
  const descriptorAt = block * blockBytes + (number % perBlock) * descriptorBytes;
  const descriptor = cache.bytes(descriptorAt, descriptorBytes);
  const place = (low: number, high: number): number => {
    const upper = descriptorBytes >= 64 ? descriptor.readUInt32LE(high) : 0;
    const at = descriptor.readUInt32LE(low) + upper * 2 ** 32;
    if (at > 0 && at < superblock.blocks) return at;
    throw malformed(`group ${number} keeps its own in block ${at}`);
  };
  return {
    number,
    descriptorAt,
    descriptor,
    blockBitmap: place(0x00, 0x20),
    inodeBitmap: place(0x04, 0x24),
    inodeTable: place(0x08, 0x28),
  };
}
