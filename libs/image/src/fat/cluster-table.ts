import { createHash } from 'node:crypto';
import type { Sha256 } from '#libs/encoding';
import type { ByteSource } from '../byte-source.js';
import type { FatShape } from './boot-sector.js';
import { malformed } from './malformed.js';

/** A run of bytes, from the start of the filesystem. */
export interface Run {
  readonly start: number;
  lengthBytes: number;
}

/** The table that chains clusters; each cluster may be taken by one chain only. */
export class ClusterTable {
  readonly #next: Uint32Array;
  readonly #taken: Uint8Array;
  /** Links that no chain tells: ends in an odd spelling, bad clusters, the two first entries. */
  readonly #odd = createHash('sha256').update('repro-quorum/fat-table/v1\n');
  readonly #end: number;

  constructor(
    private readonly shape: FatShape,
    source: ByteSource,
  ) {
    const entries = shape.clusters + 2;
    const mask = shape.bits === 32 ? 0x0fffffff : 2 ** shape.bits - 1;
    this.#end = mask;
    this.#next = new Uint32Array(entries);
    this.#taken = new Uint8Array(entries);
    const bytes = source.read(shape.reservedBytes, shape.tableBytes);
    for (let at = 0; at < entries; at += 1) {
      const value = entryAt(bytes, at, shape.bits);
      this.#next[at] = (value & mask) >>> 0;
      // The four upper bits of FAT32 belong to nobody.
      if (shape.bits === 32 && at > 1 && value >>> 28 !== 0) this.#note(at, value);
    }
    this.#note(0, this.#next[0] ?? 0);
    this.#note(1, this.#next[1] ?? 0);
    this.#odd.update(tailOf(bytes, entries, shape.bits));
  }

  /**
   * Follows a chain from its first cluster, and takes its clusters.
   *
   * @throws ImageError MALFORMED_FILESYSTEM where it leaves the filesystem, or meets another or itself
   */
  chain(first: number): Run[] {
    const { clusterBytes, dataStart } = this.shape;
    const runs: Run[] = [];
    for (let cluster = first; ;) {
      if (cluster < 2 || cluster >= this.#next.length)
        throw malformed('has a chain that leads out');
      if (this.#taken[cluster] === 1) throw malformed('has two chains with one cluster');
      this.#taken[cluster] = 1;
      const start = dataStart + (cluster - 2) * clusterBytes;
      const last = runs.at(-1);
      if (last !== undefined && last.start + last.lengthBytes === start) {
        last.lengthBytes += clusterBytes;
      } else {
        runs.push({ start, lengthBytes: clusterBytes });
      }
      const next = this.#next[cluster] ?? 0;
      if (next >= this.#end - 7) {
        if (next !== this.#end) this.#note(cluster, next);
        return runs;
      }
      cluster = next;
    }
  }

  /** Clusters that are free, and clusters that nothing names; once all chains were followed. */
  untaken(): Run[] {
    const { clusterBytes, dataStart, clusters } = this.shape;
    const runs: Run[] = [];
    for (let cluster = 2; cluster < clusters + 2; cluster += 1) {
      if (this.#taken[cluster] === 1) continue;
      const value = this.#next[cluster] ?? 0;
      if (value !== 0) this.#note(cluster, value);
      const start = dataStart + (cluster - 2) * clusterBytes;
      const last = runs.at(-1);
      if (last !== undefined && last.start + last.lengthBytes === start) {
        last.lengthBytes += clusterBytes;
      } else {
        runs.push({ start, lengthBytes: clusterBytes });
      }
    }
    return runs;
  }

  /** Digest of what of the table no chain tells; to be asked last. */
  oddities(): Sha256 {
    return this.#odd.digest('hex') as Sha256;
  }

  #note(cluster: number, value: number): void {
    this.#odd.update(`${cluster} ${value}\n`);
  }
}

function entryAt(bytes: Buffer, at: number, bits: FatShape['bits']): number {
  if (bits === 32) return bytes.readUInt32LE(at * 4);
  if (bits === 16) return bytes.readUInt16LE(at * 2);
  const pair = bytes.readUInt16LE(Math.floor(at * 1.5));
  return at % 2 === 0 ? pair & 0xfff : pair >> 4;
}

/** What is in the table behind its last entry. */
function tailOf(bytes: Buffer, entries: number, bits: FatShape['bits']): Buffer {
  const usedBits = entries * bits;
  const tail = Buffer.from(bytes.subarray(Math.floor(usedBits / 8)));
  if (usedBits % 8 !== 0 && tail.length > 0) tail[0] = (tail[0] ?? 0) & 0xf0;
  return tail;
}
