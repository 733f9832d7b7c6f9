import type { MapVisitor } from './block-map.js';
import { BLOCK_AREA_AT, BLOCK_AREA_BYTES, type Inode } from './inode.js';
import { malformed } from './malformed.js';
import type { Volume } from './volume.js';

export const EXTENT_MAGIC = 0xf30a;
/** Of the header, and of each entry. */
export const EXTENT_BYTES = 12;
/** More levels no tree needs: the kernel refuses them as well. */
const MAX_DEPTH = 5;
/** Lengths above are those of reserved, never written blocks. */
export const MAX_WRITTEN_BLOCKS = 32768;

/**
 * Walks an inode's tree of extents.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 * Source: Linux, Documentation/filesystems/ext4, "Extent Tree"
 */
export function readExtents(volume: Volume, inode: Inode, limit: number, to: MapVisitor): void {
  const root: Node = { bytes: inode.bytes, from: BLOCK_AREA_AT, length: BLOCK_AREA_BYTES };
  const depth = root.bytes.readUInt16LE(root.from + 6);
  if (depth > MAX_DEPTH) throw malformed(`inode ${inode.number} has extents ${depth} levels deep`);
  new ExtentWalk(volume, inode, limit, to).node(root, depth, true);
}

/** Where a node lies: in a block of its own, or in the inode. */
interface Node {
  readonly bytes: Buffer;
  readonly from: number;
  readonly length: number;
}

class ExtentWalk {
  /**
   * First logical block that is not behind us. A map that goes back, or whose nodes lead to nothing,
   * could be made so that reading it takes for ever.
   */
  private next = 0;

  constructor(
    private readonly volume: Volume,
    private readonly inode: Inode,
    private readonly limit: number,
    private readonly to: MapVisitor,
  ) {}

  node({ bytes, from, length }: Node, depth: number, isRoot: boolean): void {
    const entries = bytes.readUInt16LE(from + 2);
    const isWhole =
      bytes.readUInt16LE(from) === EXTENT_MAGIC &&
      bytes.readUInt16LE(from + 6) === depth &&
      entries * EXTENT_BYTES + EXTENT_BYTES <= length;
    if (!isWhole || (entries === 0 && !isRoot)) {
      throw malformed(`inode ${this.inode.number} has a node that holds no extents`);
    }
    for (let index = 1; index <= entries; index += 1) {
      const at = from + index * EXTENT_BYTES;
      const logical = bytes.readUInt32LE(at);
      if (logical < this.next) {
        throw malformed(`inode ${this.inode.number} has extents that overlap`);
      }
      if (logical >= this.limit) return;
      if (depth === 0) this.leaf(logical, bytes, at);
      else this.child(bytes.readUInt32LE(at + 4) + bytes.readUInt16LE(at + 8) * 2 ** 32, depth);
      this.next = Math.max(this.next, logical + 1);
    }
  }

  private child(block: number, depth: number): void {
    this.to.mapping(block, 'extents');
    const bytes = this.volume.block(block);
    this.node({ bytes, from: 0, length: bytes.length }, depth - 1, false);
  }

  private leaf(logical: number, bytes: Buffer, at: number): void {
    const length = bytes.readUInt16LE(at + 4);
    const isWritten = length <= MAX_WRITTEN_BLOCKS;
    const count = isWritten ? length : length - MAX_WRITTEN_BLOCKS;
    const physical = bytes.readUInt32LE(at + 8) + bytes.readUInt16LE(at + 6) * 2 ** 32;
    const isWithin = physical > 0 && physical + count <= this.volume.superblock.blocks;
    if (count === 0 || !isWithin) {
      throw malformed(`inode ${this.inode.number} has its bytes in block ${physical}`);
    }
    this.next = logical + count;
    if (isWritten) this.to.data(logical, physical, Math.min(count, this.limit - logical));
  }
}
