import type { MapVisitor } from './block-map.js';
import type { Inode } from './inode.js';
import { malformed } from './malformed.js';
import type { Volume } from './volume.js';

const DIRECT_BLOCKS = 12;
const NUMBER_BYTES = 4;

/**
 * Walks the older map: twelve blocks in the inode, then lists of blocks, and lists of lists.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 * Source: Linux, Documentation/filesystems/ext4, "Direct/Indirect Block Addressing"
 */
export function readIndirectMap(volume: Volume, inode: Inode, limit: number, to: MapVisitor): void {
  const walk = new IndirectWalk(volume, inode, limit, to);
  walk.list(inode.blockArea.subarray(0, DIRECT_BLOCKS * NUMBER_BYTES), 0);
  for (let depth = 1; depth <= 3; depth += 1) {
    walk.list(
      inode.blockArea.subarray((DIRECT_BLOCKS + depth - 1) * NUMBER_BYTES).subarray(0, 4),
      depth,
    );
  }
  walk.end();
}

class IndirectWalk {
  private logical = 0;
  private readonly perBlock: number;
  private runLogical = 0;
  private runPhysical = 0;
  private runCount = 0;

  constructor(
    private readonly volume: Volume,
    private readonly inode: Inode,
    private readonly limit: number,
    private readonly to: MapVisitor,
  ) {
    this.perBlock = volume.superblock.blockBytes / NUMBER_BYTES;
  }

  /** Takes numbers of blocks: of data at depth 0, of lists above. */
  list(numbers: Buffer, depth: number): void {
    const covered = this.perBlock ** depth;
    for (let at = 0; at < numbers.length && this.logical < this.limit; at += NUMBER_BYTES) {
      const block = numbers.readUInt32LE(at);
      if (block >= this.volume.superblock.blocks) {
        throw malformed(`inode ${this.inode.number} has its bytes in block ${block}`);
      }
      if (block === 0) {
        this.logical += covered;
      } else if (depth > 0) {
        this.to.mapping(block, 'indirect');
        this.list(this.volume.block(block), depth - 1);
      } else {
        this.add(block);
        this.logical += 1;
      }
    }
  }

  end(): void {
    if (this.runCount > 0) this.to.data(this.runLogical, this.runPhysical, this.runCount);
    this.runCount = 0;
  }

  private add(block: number): void {
    const goesOn =
      block === this.runPhysical + this.runCount &&
      this.logical === this.runLogical + this.runCount;
    if (this.runCount === 0 || !goesOn) {
      this.end();
      this.runLogical = this.logical;
      this.runPhysical = block;
    }
    this.runCount += 1;
  }
}
