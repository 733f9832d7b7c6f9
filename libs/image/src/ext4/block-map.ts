import { readExtents } from './extent-tree.js';
import { readIndirectMap } from './indirect-map.js';
import { FLAG, type Inode } from './inode.js';
import type { Volume } from './volume.js';

/** What a block that only says where others lie is: a node of extents, or a list of blocks. */
export type MappingKind = 'extents' | 'indirect';

/** Told what is found on the way through an inode's map. */
export interface MapVisitor {
  /** A block of the map itself, told before it is read. Throws where it has been seen before. */
  mapping(block: number, kind: MappingKind): void;
  /** A run of blocks that hold written data, ascending by `logical`, none past the inode's size. */
  data(logical: number, physical: number, count: number): void;
}

/**
 * Walks the map of an inode's blocks, whichever of both forms it has. Holes, blocks that were reserved
 * and never written, and blocks past the inode's size are not told.
 *
 * Bounds: each block of the map is read once, as the visitor refuses the second time.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 */
export function mapBlocks(volume: Volume, inode: Inode, visitor: MapVisitor): void {
  const limit = Math.ceil(inode.sizeBytes / volume.superblock.blockBytes);
  if (inode.has(FLAG.EXTENTS)) readExtents(volume, inode, limit, visitor);
  else readIndirectMap(volume, inode, limit, visitor);
}
