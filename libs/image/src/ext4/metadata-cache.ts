import type { ByteSource } from '../byte-source.js';

const CHUNK_BYTES = 64 * 1024;
const MAX_CHUNKS = 256;

/**
 * Blocks of metadata, read in chunks of 64 KiB, of which the 256 last used are kept. What it gives
 * stays as it is, whatever is read after.
 */
export class MetadataCache {
  private readonly chunks = new Map<number, Buffer>();
  private lastIndex = -1;
  private last: Buffer = Buffer.alloc(0);

  constructor(private readonly source: ByteSource) {}

  /** @throws ImageError TRUNCATED */
  bytes(offset: number, length: number): Buffer {
    const index = Math.floor(offset / CHUNK_BYTES);
    const at = offset - index * CHUNK_BYTES;
    if (at + length > CHUNK_BYTES) return Buffer.from(this.source.read(offset, length));
    if (index !== this.lastIndex) {
      const chunk = this.chunk(index);
      // Around what is wanted there are bytes that nobody has any more.
      if (chunk === null) return Buffer.from(this.source.read(offset, length));
      this.last = chunk;
      this.lastIndex = index;
    }
    // The last chunk of a source may be short: then the source says what is wrong.
    if (at + length > this.last.length) return this.source.read(offset, length);
    return this.last.subarray(at, at + length);
  }

  private chunk(index: number): Buffer | null {
    let chunk = this.chunks.get(index);
    if (chunk === undefined) {
      const start = index * CHUNK_BYTES;
      const length = Math.max(0, Math.min(CHUNK_BYTES, this.source.sizeBytes - start));
      if (this.source.isKept?.(start, length) === false) return null;
      chunk = Buffer.from(this.source.read(start, length));
      if (this.chunks.size >= MAX_CHUNKS) {
        for (const oldest of this.chunks.keys()) {
          this.chunks.delete(oldest);
          break;
        }
      }
    } else {
      this.chunks.delete(index);
    }
    this.chunks.set(index, chunk);
    return chunk;
  }
}
