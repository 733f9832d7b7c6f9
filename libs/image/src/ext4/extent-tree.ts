import type { MapVisitor } from './block-map.js';
import type { Inode } from './inode.js';
import { malformed } from './malformed.js';
import type { Volume } from './volume.js';

const MAGIC = 0xf30a;
/** Of the header, and of each entry. */
export const EXTENT_BYTES = 12;
/** More levels no tree needs: the kernel refuses them as well. */
const MAX_DEPTH = 5;
/** Lengths above are those of reserved, never written blocks. */
const MAX_WRITTEN_BLOCKS = 32768;

/**
 * Walks an inode's tree of extents.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 * Source: Linux, Documentation/filesystems/ext4, "Extent Tree"
 */
export function readExtents(volume: Volume, inode: Inode, limit: number, to: MapVisitor): void {
  const root = inode.blockArea;
  const depth = root.readUInt16LE(6);
  if (depth > MAX_DEPTH) throw malformed(`inode ${inode.number} has extents ${depth} levels deep`);
  const walk = new ExtentWalk(volume, inode, limit, to);
  if (root.readUInt16LE(2) > 0) walk.node(root, depth);
  else if (root.readUInt16LE(0) !== MAGIC) throw malformed(`inode ${inode.number} has no extents`);
}

class ExtentWalk {
  /** First logical block that is not behind us: a map that goes back could go on for ever. */
  private next = 0;

  constructor(
    private readonly volume: Volume,
    private readonly inode: Inode,
    private readonly limit: number,
    private readonly to: MapVisitor,
  ) {}

  node(bytes: Buffer, depth: number): void {
    const entries = bytes.readUInt16LE(2);
    const isWhole =
      bytes.readUInt16LE(0) === MAGIC &&
      bytes.readUInt16LE(6) === depth &&
      entries * EXTENT_BYTES + EXTENT_BYTES <= bytes.length;
    // Only a root may be empty: who could put empty ones below could have us read them for ever.
    if (!isWhole || entries === 0) {
      throw malformed(`inode ${this.inode.number} has a node that holds no extents`);
    }
    for (let index = 1; index <= entries; index += 1) {
      const at = index * EXTENT_BYTES;
      if (bytes.readUInt32LE(at) >= this.limit) return;
      if (depth === 0) this.leaf(bytes, at);
      else this.child(bytes.readUInt32LE(at + 4) + bytes.readUInt16LE(at + 8) * 2 ** 32, depth);
    }
  }

  private child(block: number, depth: number): void {
    this.to.mapping(block, 'extents');
    this.node(this.volume.block(block), depth - 1);
  }

  private leaf(bytes: Buffer, at: number): void {
    const logical = bytes.readUInt32LE(at);
    const length = bytes.readUInt16LE(at + 4);
    const isWritten = length <= MAX_WRITTEN_BLOCKS;
    const count = isWritten ? length : length - MAX_WRITTEN_BLOCKS;
    const physical = bytes.readUInt32LE(at + 8) + bytes.readUInt16LE(at + 6) * 2 ** 32;
    if (logical < this.next || count === 0) {
      throw malformed(`inode ${this.inode.number} has extents that overlap`);
    }
    this.next = logical + count;
    if (physical < 1 || physical + count > this.volume.superblock.blocks) {
      throw malformed(`inode ${this.inode.number} has its bytes in block ${physical}`);
    }
    const within = Math.min(count, this.limit - logical);
    if (isWritten && within > 0) this.to.data(logical, physical, within);
  }
}
