import { createHash } from 'node:crypto';
import type { Sha256 } from '#libs/encoding';
import type { ContentSink } from '../content-sink.js';
import { ImageError } from '../error.js';

/** Most stored ranges of one member: 400,000 islands, as of an image of 50 GiB, twice over. */
const MAX_RANGES = 1_000_000;

/** No filesystem has larger blocks. */
const MAX_UNIT = 65_536;

/**
 * The stored ranges of a sparse member, and its reading: what is stored goes to a sink with the holes
 * between. Ranges are kept as they stand, empty ones too, as the bytes of an archive hang on them.
 */
export class SparseRanges {
  readonly #numbers: number[] = [];
  #storedBytes = 0;
  #endBytes = 0;
  #reading = 0;
  #at = 0;

  /** Bytes of the member that the archive stores. */
  get storedBytes(): number {
    return this.#storedBytes;
  }

  get count(): number {
    return this.#numbers.length / 2;
  }

  /**
   * Adds the next range.
   *
   * @throws ImageError CORRUPT when it overlaps the one before, TOO_LARGE
   */
  add(offset: number, lengthBytes: number): void {
    if (offset < this.#endBytes) {
      throw new ImageError('CORRUPT', 'ranges of a sparse map overlap');
    }
    if (!Number.isSafeInteger(offset + lengthBytes)) {
      throw new ImageError('CORRUPT', 'a range of a sparse map ends beyond all numbers');
    }
    if (this.count >= MAX_RANGES) {
      throw new ImageError('TOO_LARGE', `a sparse map has more than ${MAX_RANGES} ranges`);
    }
    this.#numbers.push(offset, lengthBytes);
    this.#endBytes = offset + lengthBytes;
    this.#storedBytes += lengthBytes;
  }

  /**
   * Holds the finished map against the member's sizes.
   *
   * @throws ImageError CORRUPT
   */
  check(storedBytes: number, realBytes: number): void {
    if (this.#storedBytes !== storedBytes || this.#endBytes > realBytes) {
      throw new ImageError('CORRUPT', 'a sparse map does not fit the size of its member');
    }
  }

  /** Digest of the map as it stands. */
  digest(): Sha256 {
    const hash = createHash('sha256').update('repro-quorum/sparse-ranges/v1\n');
    for (let at = 0; at < this.#numbers.length; at += 4096) {
      hash.update(`${this.#numbers.slice(at, at + 4096).join('\n')}\n`);
    }
    return hash.digest('hex') as Sha256;
  }

  /**
   * The largest power of two that all edges between bytes and holes are multiples of: the block size
   * of whoever looked for holes, or a multiple of it.
   */
  unit(realBytes: number): number {
    let unit = MAX_UNIT;
    for (let at = 0; at < this.#numbers.length; at += 2) {
      const offset = this.#numbers[at] ?? 0;
      const end = offset + (this.#numbers[at + 1] ?? 0);
      while (unit > 1 && (offset % unit !== 0 || (end !== realBytes && end % unit !== 0)))
        unit /= 2;
    }
    return unit;
  }

  /** Gives stored bytes on, at their places. */
  read(bytes: Buffer, sink: ContentSink): void {
    for (let from = 0; from < bytes.length;) {
      const offset = this.#numbers[this.#reading] ?? Number.MAX_SAFE_INTEGER;
      const end = offset + (this.#numbers[this.#reading + 1] ?? 0);
      if (this.#at >= end) {
        this.#reading += 2;
        continue;
      }
      this.#skipTo(offset, sink);
      const taken = Math.min(end - this.#at, bytes.length - from);
      sink.data(bytes.subarray(from, from + taken));
      this.#at += taken;
      from += taken;
    }
  }

  /** Ends the reading with the hole that is left. */
  end(realBytes: number, sink: ContentSink): void {
    this.#skipTo(realBytes, sink);
  }

  #skipTo(offset: number, sink: ContentSink): void {
    if (offset > this.#at) {
      sink.hole(offset - this.#at);
      this.#at = offset;
    }
  }
}
