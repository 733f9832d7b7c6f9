import { type ByteSource, checkRange } from './byte-source.js';
import { ImageError } from './error.js';

/** A run of bytes of a source. */
export interface SourceRun {
  readonly start: number;
  readonly lengthBytes: number;
}

/** A file as runs of bytes of what holds it, one after the other. */
export class RunSource implements ByteSource {
  readonly #ends: number[] = [];

  /** @throws ImageError TRUNCATED where the runs are shorter than the file */
  constructor(
    private readonly whole: ByteSource,
    private readonly runs: readonly SourceRun[],
    readonly sizeBytes: number,
  ) {
    let end = 0;
    for (const run of runs) {
      checkRange(whole, run.start, run.lengthBytes);
      end += run.lengthBytes;
      this.#ends.push(end);
    }
    if (sizeBytes > end) {
      throw new ImageError('TRUNCATED', `a file of ${sizeBytes} bytes has room for ${end} only`);
    }
  }

  read(offset: number, length: number): Buffer {
    checkRange(this, offset, length);
    const parts: Buffer[] = [];
    let at = offset;
    for (let index = this.#find(offset); at < offset + length; index += 1) {
      const [run, end] = [this.runs[index], this.#ends[index]];
      if (run === undefined || end === undefined) break;
      const bytes = Math.min(end - at, offset + length - at);
      const part = this.whole.read(run.start + run.lengthBytes - (end - at), bytes);
      if (bytes === length) return part;
      // The next read may overwrite it.
      parts.push(Buffer.from(part));
      at += bytes;
    }
    return Buffer.concat(parts);
  }

  /** The first run that ends beyond an offset. */
  #find(offset: number): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
