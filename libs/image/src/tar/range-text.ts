import { ImageError } from '../error.js';
import { decimal } from './extended-facts.js';
import { SparseRanges } from './sparse-ranges.js';
import { BLOCK_BYTES } from '../tar-header.js';

/** Longest line of a map: a safe integer and its end. */
const MAX_LINE_BYTES = 17;

/**
 * Reads the map of a sparse member of version 1.0: lines of decimal numbers before the content, their
 * count first, filled up with zeros to whole blocks.
 *
 * Source: GNU tar manual, "PAX Format, Version 1.0"
 */
export class RangeText {
  readonly ranges = new SparseRanges();
  /** Bytes of the archive that the map takes. */
  bytes = 0;
  #line = '';
  #expected: number | null = null;
  #offset: number | null = null;

  /** Takes the next block; returns whether the map ended in it. @throws ImageError CORRUPT, TOO_LARGE */
  take(block: Buffer): boolean {
    this.bytes += BLOCK_BYTES;
    for (let at = 0; at < block.length;) {
      if (this.#isWhole()) {
        if (block.subarray(at).some((byte) => byte !== 0)) {
          throw new ImageError('CORRUPT', 'something follows a sparse map in its last block');
        }
        return true;
      }
      const end = block.indexOf(0x0a, at);
      this.#line += block.toString('latin1', at, end === -1 ? block.length : end);
      if (this.#line.length > MAX_LINE_BYTES) {
        throw new ImageError('CORRUPT', 'a sparse map has a line that is no number');
      }
      if (end === -1) break;
      this.#take(decimal(this.#line));
      this.#line = '';
      at = end + 1;
    }
    return this.#isWhole();
  }

  #isWhole(): boolean {
    return this.#expected === this.ranges.count;
  }

  #take(value: number): void {
    if (this.#expected === null) {
      this.#expected = value;
    } else if (this.#offset === null) {
      this.#offset = value;
    } else {
      this.ranges.add(this.#offset, value);
      this.#offset = null;
    }
  }
}
