import { Inode } from './inode.js';
import { malformed } from './malformed.js';
import type { Ext4Member } from './member.js';
import type { MemberReader } from './member-reader.js';
import { feedMember, feedOther } from './residue/inodes.js';
import type { Residue } from './residue/residue.js';
import type { Tree } from './tree.js';
import type { Volume } from './volume.js';
import { isZero } from './zeros.js';

/** Of an inode table so much is read at a time. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Reads all inodes by their numbers, and yields the members that they are; null in between. Inodes
 * without a name are accounted for as they are.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, UNSUPPORTED, TRUNCATED, TOO_LARGE
 */
export function* sweepInodes(
  volume: Volume,
  tree: Tree,
  members: MemberReader,
  residue: Residue,
): Generator<Ext4Member | null, void> {
  const { groups, inodesPerGroup, inodeBytes, blockBytes } = volume.superblock;
  let named = 0;
  for (let number = 0; number < groups; number += 1) {
    const table = volume.group(number).inodeTable * blockBytes;
    const tableBytes = inodesPerGroup * inodeBytes;
    for (let done = 0; done < tableBytes; done += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, tableBytes - done);
      const chunk = Buffer.from(volume.source.read(table + done, length));
      const first = number * inodesPerGroup + done / inodeBytes + 1;
      if (!isZero(chunk)) named += yield* sweepChunk(chunk, first);
      yield null;
    }
    feedTableEnd(volume, table, tableBytes, residue);
  }
  if (named < tree.paths.size) throw malformed('a name leads to an inode that is empty');

  function* sweepChunk(chunk: Buffer, first: number): Generator<Ext4Member | null, number> {
    let found = 0;
    for (let at = 0; at < chunk.length; at += inodeBytes) {
      const inode = new Inode(first + at / inodeBytes, chunk.subarray(at, at + inodeBytes));
      const names = tree.paths.get(inode.number);
      if (names !== undefined) {
        found += 1;
        yield* yield* members.read(inode, names);
        feedMember(inode, residue);
      } else if (!isZero(inode.bytes)) {
        feedOther(inode, volume.superblock.bytes, residue);
      }
    }
    return found;
  }
}

/** The last block of a table may go on where no inode is. */
function feedTableEnd(volume: Volume, table: number, tableBytes: number, residue: Residue): void {
  const { blockBytes } = volume.superblock;
  const missing = Math.ceil(tableBytes / blockBytes) * blockBytes - tableBytes;
  if (missing === 0) return;
  const bytes = volume.source.read(table + tableBytes, missing);
  if (!isZero(bytes)) residue.rest.add('tabl', table, bytes);
}
