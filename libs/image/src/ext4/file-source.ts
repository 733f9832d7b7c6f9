import { type ByteSource, checkRange, MemoryByteSource } from '../byte-source.js';
import { FLAG, type Inode } from './inode.js';
import { inlineData } from './inline-data.js';
import { type Runs, runsOf } from './runs.js';
import type { Volume } from './volume.js';

/**
 * Opens the bytes of an inode, holes as zeros.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED, TOO_LARGE
 */
export function openInode(volume: Volume, inode: Inode): ByteSource {
  if (inode.isFastSymlink)
    return new MemoryByteSource(inode.blockArea.subarray(0, inode.sizeBytes));
  if (inode.has(FLAG.INLINE_DATA)) return new MemoryByteSource(inlineData(volume, inode));
  return new RunsByteSource(volume.source, runsOf(volume, inode));
}

/** The bytes of a file that lies in runs of blocks. */
export class RunsByteSource implements ByteSource {
  readonly sizeBytes: number;

  constructor(
    private readonly source: ByteSource,
    private readonly runs: Runs,
  ) {
    this.sizeBytes = runs.sizeBytes;
  }

  read(offset: number, length: number): Buffer {
    checkRange(this, offset, length);
    const { triples, blockBytes } = this.runs;
    let index = this.firstRunAfter(offset);
    let bytes: Buffer | undefined;
    for (; index < triples.length; index += 3) {
      const start = (triples[index] ?? 0) * blockBytes;
      const from = Math.max(offset, start);
      const to = Math.min(offset + length, start + (triples[index + 2] ?? 0) * blockBytes);
      if (from >= to) break;
      const at = (triples[index + 1] ?? 0) * blockBytes + (from - start);
      const stored = this.source.read(at, to - from);
      if (to - from === length) return stored;
      bytes ??= Buffer.alloc(length);
      stored.copy(bytes, from - offset);
    }
    return bytes ?? Buffer.alloc(length);
  }

  /** Index of the first run that ends after `offset`: runs ascend, so half of them are left out. */
  private firstRunAfter(offset: number): number {
    const { triples, blockBytes } = this.runs;
    let low = 0;
    let high = triples.length / 3;
    while (low < high) {
      const middle = (low + high) >> 1;
      const end = (triples[middle * 3] ?? 0) + (triples[middle * 3 + 2] ?? 0);
      if (end * blockBytes <= offset) low = middle + 1;
      else high = middle;
    }
    return low * 3;
  }
}
