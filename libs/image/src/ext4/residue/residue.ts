import { Checksums } from '../checksums.js';
import { DigestFeed } from '../digest-feed.js';
import type { Superblock } from '../superblock.js';

/** Where in its part something stands, in bytes. */
export interface Field {
  readonly at: number;
  readonly length: number;
}

/**
 * What of a filesystem no member and no attribute tells, in three digests. `layout` has what says where
 * things lie: descriptors, bitmaps, block maps, directories and inodes without what is told of them.
 * `generations` has the numbers that a kernel draws for new inodes. `rest` has every other byte.
 *
 * Two filesystems that are told alike and have the same three are the same bytes. For that, whatever is
 * zeroed before it is fed can be computed from what is told; where it is not as computed, a record in
 * `rest` holds the value that was found.
 */
export class Residue {
  readonly layout = new DigestFeed('repro-quorum/ext4-layout/v1');
  readonly generations = new DigestFeed('repro-quorum/ext4-generations/v1');
  readonly rest = new DigestFeed('repro-quorum/ext4-rest/v1');
  readonly checksums: Checksums;
  /** Whether any inode has a generation. */
  hasGenerations = false;

  constructor(superblock: Superblock) {
    this.checksums = new Checksums(superblock);
  }

  /**
   * Zeroes a number of 16 or 32 bits, and keeps it as a record unless it is the expected one. `tag` and
   * `place` say what `bytes` are, for no two parts alike.
   */
  settle(tag: string, place: number, bytes: Buffer, field: Field, expected: number | null): void {
    const found = bytes.readUIntLE(field.at, field.length);
    if (found === expected) bytes.writeUIntLE(0, field.at, field.length);
    else this.keep(tag, place, bytes, field);
  }

  /** Zeroes some bytes, and keeps what they were as a record in `rest`. */
  keep(tag: string, place: number, bytes: Buffer, { at, length }: Field): void {
    const record = Buffer.alloc(4 + length);
    record.writeUInt32LE(at);
    bytes.copy(record, 4, at, at + length);
    this.rest.add(tag, place, record);
    bytes.fill(0, at, at + length);
  }
}
