import { ImageError } from '../error.js';
import { mapBlocks, type MapVisitor } from './block-map.js';
import type { Inode } from './inode.js';
import { malformed } from './malformed.js';
import type { Volume } from './volume.js';

/** Most pieces of one file: a mebibyte in single blocks has 256, a file of 16 GiB some million. */
const MAX_RUNS = 4_000_000;

/** Where the bytes of a file lie: ascending triples of logical block, physical block, count. */
export class Runs {
  readonly triples: number[] = [];

  constructor(
    readonly sizeBytes: number,
    readonly blockBytes: number,
  ) {}

  /** Joins a run to the one before where it goes on. */
  add(logical: number, physical: number, count: number): void {
    const last = this.triples.length - 3;
    const [lastLogical = 0, lastPhysical = 0, lastCount = 0] =
      last < 0 ? [] : this.triples.slice(last);
    if (last >= 0 && lastLogical + lastCount === logical && lastPhysical + lastCount === physical) {
      this.triples[last + 2] = lastCount + count;
      return;
    }
    if (this.triples.length >= 3 * MAX_RUNS) {
      throw new ImageError('TOO_LARGE', `a file lies in more than ${MAX_RUNS} pieces`);
    }
    this.triples.push(logical, physical, count);
  }

  /** Bytes that are stored, to whole blocks: what is missing to the size are holes. */
  get storedBytes(): number {
    let blocks = 0;
    for (let at = 2; at < this.triples.length; at += 3) blocks += this.triples[at] ?? 0;
    return blocks * this.blockBytes;
  }

  /**
   * The pieces of the file from its begin to its end; `at` is the place in the source, null for a hole.
   * A piece that ends with the file is cut there.
   */
  *pieces(): Generator<{ offset: number; length: number; at: number | null }> {
    let done = 0;
    for (let index = 0; index < this.triples.length; index += 3) {
      const offset = (this.triples[index] ?? 0) * this.blockBytes;
      const at = (this.triples[index + 1] ?? 0) * this.blockBytes;
      const whole = (this.triples[index + 2] ?? 0) * this.blockBytes;
      if (offset > done) yield { offset: done, length: offset - done, at: null };
      const length = Math.min(whole, this.sizeBytes - offset);
      yield { offset, length, at };
      done = offset + length;
    }
    if (done < this.sizeBytes) yield { offset: done, length: this.sizeBytes - done, at: null };
  }
}

/** A visitor of maps that need not look at runs: they are collected. */
export interface BlockVisitor {
  mapping: MapVisitor['mapping'];
  data?: MapVisitor['data'];
}

/**
 * Collects where an inode's bytes lie.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED, TOO_LARGE
 */
export function runsOf(
  volume: Volume,
  inode: Inode,
  visitor: BlockVisitor = onceEach(inode),
): Runs {
  const runs = new Runs(inode.sizeBytes, volume.superblock.blockBytes);
  mapBlocks(volume, inode, {
    mapping: (block, kind) => {
      visitor.mapping(block, kind);
    },
    data: (logical, physical, count) => {
      visitor.data?.(logical, physical, count);
      runs.add(logical, physical, count);
    },
  });
  return runs;
}

/** For who reads one file only, and so has no account of the blocks of all. */
function onceEach(inode: Inode): BlockVisitor {
  const seen = new Set<number>();
  return {
    mapping: (block) => {
      if (seen.has(block)) throw malformed(`the map of inode ${inode.number} leads to itself`);
      seen.add(block);
    },
  };
}
