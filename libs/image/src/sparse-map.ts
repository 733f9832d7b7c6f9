import { ImageError } from './error.js';
import { MAX_EXTENDED_BYTES } from './limits.js';
import { BLOCK_BYTES, tarNumber } from './tar-header.js';

const ENTRY_BYTES = 24;
const IN_HEADER = { offset: 386, entries: 4, extendedAt: 482, realSizeAt: 483 };
const IN_EXTENSION = { offset: 0, entries: 21, extendedAt: 504 };

/**
 * The map of a GNU sparse member: which ranges of the file the archive stores. It begins in the
 * header block and goes on in extension blocks that no size field counts, which is why a reader
 * that does not know them takes the map for content and loses its place.
 *
 * Source: GNU tar manual, "Old GNU Format"
 */
export class SparseMap {
  /** Bytes of the file with its holes. */
  readonly realBytes: number;
  private storedBytes = 0;
  private end = 0;
  private blocks = 0;
  private isOpen: boolean;

  constructor(header: Buffer) {
    this.realBytes = tarNumber(header, IN_HEADER.realSizeAt, 12);
    this.readEntries(header, IN_HEADER);
    this.isOpen = header[IN_HEADER.extendedAt] === 1;
  }

  /** Whether one more extension block follows. */
  get isExtended(): boolean {
    return this.isOpen;
  }

  /**
   * Takes the next extension block.
   *
   * @throws ImageError CORRUPT, TOO_LARGE
   */
  extend(block: Buffer): void {
    this.blocks += 1;
    if (this.blocks * BLOCK_BYTES > MAX_EXTENDED_BYTES) {
      throw new ImageError('TOO_LARGE', `a sparse map is longer than ${MAX_EXTENDED_BYTES} bytes`);
    }
    this.readEntries(block, IN_EXTENSION);
    this.isOpen = block[IN_EXTENSION.extendedAt] === 1;
  }

  /**
   * Holds the finished map against the header's own size.
   *
   * @throws ImageError CORRUPT
   */
  check(storedBytes: number): void {
    if (this.storedBytes !== storedBytes || this.end > this.realBytes) {
      throw new ImageError('CORRUPT', 'a sparse map does not fit the size of its member');
    }
  }

  private readEntries(block: Buffer, layout: { offset: number; entries: number }): void {
    for (let index = 0; index < layout.entries; index += 1) {
      const at = layout.offset + index * ENTRY_BYTES;
      // An entry left empty ends the map of its block.
      if (block[at + 12] === 0) return;
      const offset = tarNumber(block, at, 12);
      const length = tarNumber(block, at + 12, 12);
      if (offset < this.end) throw new ImageError('CORRUPT', 'ranges of a sparse map overlap');
      this.end = offset + length;
      this.storedBytes += length;
    }
  }
}
