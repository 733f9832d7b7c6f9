import { ImageError } from '../error.js';
import { RATIO_FREE_BYTES } from '../limits.js';
import type { Ext4Limits } from './limits.js';

/**
 * Most bytes of holes for each byte of the filesystem: a hole costs nothing to write, and a hash to read.
 * A log of logins by user number, the best known sparse file, has some dozens.
 */
const MAX_HOLE_RATIO = 64;

/** Told how many bytes of a file are going to be hashed, and how many of them are holes; may throw. */
export type ContentVisitor = (sizeBytes: number, holeBytes: number) => void;

/** Counts what all files ask to be hashed. */
export class ContentBudget {
  private contentBytes = 0;
  private holeBytes = 0;
  private readonly maxHoleBytes: number;

  constructor(
    private readonly limits: Ext4Limits,
    imageBytes: number,
    private readonly onContent?: ContentVisitor,
  ) {
    this.maxHoleBytes = RATIO_FREE_BYTES + MAX_HOLE_RATIO * imageBytes;
  }

  /** @throws ImageError TOO_LARGE */
  take(sizeBytes: number, storedBytes: number): void {
    const holeBytes = Math.max(0, sizeBytes - storedBytes);
    this.contentBytes += sizeBytes;
    this.holeBytes += holeBytes;
    if (this.contentBytes > this.limits.maxContentBytes) {
      throw new ImageError('TOO_LARGE', `files of more than ${this.limits.maxContentBytes} bytes`);
    }
    if (this.holeBytes > this.maxHoleBytes) {
      throw new ImageError('TOO_LARGE', `files with more than ${this.maxHoleBytes} bytes of holes`);
    }
    this.onContent?.(sizeBytes, holeBytes);
  }
}
