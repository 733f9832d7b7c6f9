import { malformed } from './malformed.js';

/**
 * Which blocks have an owner. A block is owned once: this bounds every walk, however the numbers in an
 * image lead to one another, and what nobody owns in the end is accounted for by itself.
 */
export class Claims {
  private readonly bits: Uint8Array;

  constructor(readonly blocks: number) {
    this.bits = new Uint8Array(Math.ceil(blocks / 8));
  }

  /** @throws ImageError MALFORMED_FILESYSTEM where a block has an owner, or is none */
  claim(first: number, count: number, what: string): void {
    if (first + count > this.blocks) throw malformed(`${what} has block ${first + count - 1}`);
    for (let block = first; block < first + count; block += 1) {
      const index = block >>> 3;
      const bit = 1 << (block & 7);
      const byte = this.bits[index] ?? 0;
      if (byte & bit)
        throw malformed(`${what} has block ${block}, which belongs to something else`);
      this.bits[index] = byte | bit;
    }
  }

  /** First block from `from` on that has no owner; the number of blocks where all have. */
  nextFree(from: number): number {
    let block = from;
    while (block < this.blocks) {
      const byte = this.bits[block >>> 3] ?? 0;
      if (byte === 0xff) block = (block | 7) + 1;
      else if ((byte >>> (block & 7)) & 1) block += 1;
      else return block;
    }
    return this.blocks;
  }

  /** First block from `from` on that has an owner, but none past `limit`. */
  nextOwned(from: number, limit: number): number {
    let block = from;
    while (block < limit) {
      const byte = this.bits[block >>> 3] ?? 0;
      if (byte === 0) block = (block | 7) + 1;
      else if ((byte >>> (block & 7)) & 1) return block;
      else block += 1;
    }
    return Math.min(block, limit);
  }
}
