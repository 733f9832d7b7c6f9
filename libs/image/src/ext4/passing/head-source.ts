import { type ByteSource, checkRange } from '../../byte-source.js';
import { ImageError } from '../../error.js';

/** The first bytes of something whose length is not known yet. */
export class HeadSource implements ByteSource {
  readonly sizeBytes = Number.MAX_SAFE_INTEGER;

  constructor(private readonly head: Buffer) {}

  read(offset: number, length: number): Buffer {
    checkRange(this, offset, length);
    if (offset + length <= this.head.length) return this.head.subarray(offset, offset + length);
    throw new ImageError('TRUNCATED', `byte ${offset + length} has not come yet`);
  }
}
