import type { Attributes } from '#libs/manifest';
import { Claims } from './claims.js';
import { ContentBudget, type ContentVisitor } from './content-budget.js';
import { sweepInodes } from './inode-sweep.js';
import type { Ext4Limits } from './limits.js';
import type { Ext4Member } from './member.js';
import { MemberReader } from './member-reader.js';
import { feedBitmaps } from './residue/descriptors.js';
import { feedDirectoryBlock } from './residue/directory-block.js';
import { feedJournalHeader } from './residue/journal.js';
import { feedMapBlock } from './residue/map-block.js';
import { Residue } from './residue/residue.js';
import { feedSuperblocks } from './residue/superblocks.js';
import { feedUnclaimed } from './residue/unclaimed.js';
import { superblockAttributes } from './superblock-attributes.js';
import { type TreeVisitor, walkTree } from './tree.js';
import type { Volume } from './volume.js';

/**
 * Reads a filesystem from its header to its last byte: yields its members, and null where time has gone
 * by; returns its attributes.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, UNSUPPORTED, TRUNCATED, TOO_LARGE, TOO_MANY_MEMBERS,
 * BAD_MEMBER_NAME
 */
export function* readVolume(
  volume: Volume,
  limits: Ext4Limits,
  onContent?: ContentVisitor,
): Generator<Ext4Member | null, Attributes> {
  const { superblock } = volume;
  const claims = new Claims(superblock.blocks);
  const residue = new Residue(superblock);
  // What the filesystem needs for itself is claimed first, so that no file can have it for its bytes.
  feedSuperblocks(volume, claims, residue);
  for (let group = 0; group < superblock.groups; group += 1) {
    feedBitmaps(volume, group, claims, residue);
    yield null;
  }
  feedJournalHeader(volume, claims, residue);
  const tree = yield* walkTree(volume, limits, directoryVisitor(volume, claims, residue));
  const budget = new ContentBudget(limits, volume.source.sizeBytes, onContent);
  const members = new MemberReader(
    ...([volume, tree, claims, residue, budget, volume.source.passed?.(0)] as const),
  );
  yield* sweepInodes(volume, tree, members, residue);
  yield* feedUnclaimed(volume, claims, residue);
  return {
    ...superblockAttributes(superblock),
    layout: residue.layout.value(),
    ...(residue.hasGenerations && { generations: residue.generations.value() }),
    rest: residue.rest.value(),
  };
}

function directoryVisitor(volume: Volume, claims: Claims, residue: Residue): TreeVisitor {
  return {
    directory: (inode) => {
      const what = `directory ${inode.number}`;
      return {
        mapping: (block, kind) => {
          claims.claim(block, 1, what);
          feedMapBlock(volume, inode, block, kind, residue);
        },
        data: (_logical, physical, count) => {
          claims.claim(physical, count, what);
        },
        block: (number, bytes) => {
          feedDirectoryBlock(inode, number, bytes, residue);
        },
      };
    },
  };
}
