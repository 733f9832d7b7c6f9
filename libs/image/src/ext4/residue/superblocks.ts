import { SEED_AT } from '../checksums.js';
import { firstBlockOf, hasCopy, tableBlocks } from '../group-table.js';
import { SUPERBLOCK_AT, SUPERBLOCK_BYTES } from '../superblock.js';
import type { Volume } from '../volume.js';
import type { Claims } from '../claims.js';
import type { Residue } from './residue.js';
import { feedDescriptors } from './descriptors.js';

/** Fields that the filesystem's attributes tell: where they begin, and how long they are. */
const TOLD: readonly (readonly [at: number, length: number])[] = [
  ...([
    [0x00, 8],
    [0x150, 4],
    [0x18, 4],
    [0x2c, 4],
    [0x30, 4],
    [0x34, 2],
    [0x3a, 2],
  ] as const),
  ...([
    [0x40, 4],
    [0x58, 2],
    [0x5c, 12],
    [0x68, 16],
    [0x78, 16],
    [0x88, 64],
  ] as const),
  ...([
    [0xd0, 16],
    [0xec, 16],
    [0x108, 4],
    [0x274, 4],
  ] as const),
];
/** Counts of what is free, what was ever written, a copy of the journal's block map, the first orphan. */
const LAYOUT: readonly (readonly [at: number, length: number])[] = [
  ...([
    [0x0c, 8],
    [0xe8, 4],
    [0x10c, 68],
    [0x158, 4],
    [0x178, 8],
    [0x248, 4],
  ] as const),
];
const CHECKSUM_AT = 0x3fc;

/**
 * Accounts for the superblock, its copies, and the descriptors that follow each of them; claims their
 * blocks.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 */
export function feedSuperblocks(volume: Volume, claims: Claims, residue: Residue): void {
  const { superblock } = volume;
  const descriptorBlocks = tableBlocks(superblock);
  for (let group = 0; group < superblock.groups; group += 1) {
    if (!hasCopy(superblock, group)) continue;
    let block = firstBlockOf(superblock, group);
    // Where blocks of 1 KiB are counted from 0, the boot sector has that one.
    if (block === 0 && superblock.blockBytes === SUPERBLOCK_AT) block = 1;
    claims.claim(block, 1 + descriptorBlocks, 'a copy of the superblock');
    const bytes = Buffer.from(volume.block(block));
    const at = block === 0 ? SUPERBLOCK_AT : 0;
    maskSuperblock(bytes.subarray(at, at + SUPERBLOCK_BYTES), volume, group, residue);
    residue.rest.add('supr', block, bytes);
    feedDescriptors(volume, block + 1, group === 0, residue);
  }
}

function maskSuperblock(bytes: Buffer, volume: Volume, group: number, residue: Residue): void {
  const first = volume.superblock.bytes;
  if (residue.checksums.isKept) {
    const expected = residue.checksums.superblock(bytes);
    residue.settle('sumS', group, bytes, { at: CHECKSUM_AT, length: 4 }, expected);
  }
  const { writtenSeed } = residue.checksums;
  if (writtenSeed !== null) {
    residue.settle('seed', group, bytes, { at: SEED_AT, length: 4 }, writtenSeed);
  }
  for (const [at, length] of LAYOUT) {
    residue.layout.add('supr', group, bytes.subarray(at, at + length));
    bytes.fill(0, at, at + length);
  }
  for (const [at, length] of TOLD) {
    // A copy may be older than the first, which is the one that attributes tell.
    const isTold = bytes.compare(first, at, at + length, at, at + length) === 0;
    if (isTold) bytes.fill(0, at, at + length);
    else residue.keep('oldS', group, bytes, { at, length });
  }
}
