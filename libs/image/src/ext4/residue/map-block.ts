import type { MappingKind } from '../block-map.js';
import { EXTENT_BYTES } from '../extent-tree.js';
import type { Inode } from '../inode.js';
import type { Volume } from '../volume.js';
import { crc32c } from '../crc32c.js';
import type { Residue } from './residue.js';

/** Accounts for a block that says where others lie. */
export function feedMapBlock(
  volume: Volume,
  inode: Inode,
  block: number,
  kind: MappingKind,
  residue: Residue,
): void {
  if (kind === 'indirect' || !residue.checksums.isKept) {
    residue.layout.add('map ', block, volume.block(block));
    return;
  }
  const bytes = Buffer.from(volume.block(block));
  const at = EXTENT_BYTES + bytes.readUInt16LE(4) * EXTENT_BYTES;
  if (at + 4 <= bytes.length) {
    const seed = residue.checksums.ofInode(inode.number, inode.generation);
    residue.settle('sumM', block, bytes, { at, length: 4 }, crc32c(seed, bytes, 0, at));
  }
  residue.layout.add('map ', block, bytes);
}
