import { descriptorsPerBlock, tableBlocks } from '../group-table.js';
import type { Volume } from '../volume.js';
import type { Claims } from '../claims.js';
import type { Residue } from './residue.js';

const CHECKSUM_AT = 0x1e;
const BITMAPS = [
  { of: 'blockBitmap', low: 0x18, high: 0x38 },
  { of: 'inodeBitmap', low: 0x1a, high: 0x3a },
] as const;

/** Accounts for the blocks of descriptors that follow a superblock or a copy of it. */
export function feedDescriptors(
  volume: Volume,
  block: number,
  isFirst: boolean,
  residue: Residue,
): void {
  const { superblock } = volume;
  const perBlock = descriptorsPerBlock(superblock);
  for (let index = 0; index < tableBlocks(superblock); index += 1) {
    const bytes = Buffer.from(volume.block(block + index));
    const count = Math.min(perBlock, superblock.groups - index * perBlock);
    for (let entry = 0; entry < count; entry += 1) {
      const at = entry * superblock.descriptorBytes;
      const descriptor = bytes.subarray(at, at + superblock.descriptorBytes);
      maskDescriptor(volume, descriptor, index * perBlock + entry, isFirst, residue);
    }
    residue.layout.add('desc', block + index, bytes);
  }
}

function maskDescriptor(
  volume: Volume,
  descriptor: Buffer,
  number: number,
  isFirst: boolean,
  residue: Residue,
): void {
  const { checksums } = residue;
  const found = descriptor.readUInt16LE(CHECKSUM_AT);
  descriptor.writeUInt16LE(0, CHECKSUM_AT);
  const expected = checksums.descriptor(number, descriptor);
  descriptor.writeUInt16LE(found, CHECKSUM_AT);
  const tag = isFirst ? 'sumG' : 'sumC';
  residue.settle(tag, number, descriptor, { at: CHECKSUM_AT, length: 2 }, expected);
  if (!checksums.isKept) return;
  const first = isFirst ? null : volume.group(number).descriptor;
  const group = volume.group(number);
  for (const { of, low, high } of BITMAPS) {
    const length = bitmapBytes(volume, of);
    const sum = checksums.part(volume.block(group[of]), length);
    for (const [at, half] of [
      [low, sum & 0xffff],
      [high, sum >>> 16],
    ] as const) {
      if (at + 2 > descriptor.length) continue;
      // What equals the first descriptor's says nothing new, right or wrong.
      const told = first === null ? half : first.readUInt16LE(at);
      residue.settle(tag, number, descriptor, { at, length: 2 }, told);
    }
  }
}

function bitmapBytes(volume: Volume, of: 'blockBitmap' | 'inodeBitmap'): number {
  const { clustersPerGroup, inodesPerGroup } = volume.superblock;
  return Math.floor((of === 'blockBitmap' ? clustersPerGroup : inodesPerGroup) / 8);
}

/**
 * Claims a group's bitmaps and table of inodes, and accounts for the bitmaps.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 */
export function feedBitmaps(
  volume: Volume,
  number: number,
  claims: Claims,
  residue: Residue,
): void {
  const { inodesPerGroup, inodeBytes, blockBytes } = volume.superblock;
  const group = volume.group(number);
  const what = `group ${number}`;
  for (const { of } of BITMAPS) {
    claims.claim(group[of], 1, what);
    residue.layout.add('bits', group[of], volume.block(group[of]));
  }
  claims.claim(group.inodeTable, Math.ceil((inodesPerGroup * inodeBytes) / blockBytes), what);
}
