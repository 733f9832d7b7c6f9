import type { Group } from '../group-table.js';
import type { Superblock } from '../superblock.js';

/** A group's table of inodes. */
export interface InodeTable {
  readonly start: number;
  readonly end: number;
  /** Number of its first inode. */
  readonly first: number;
}

/**
 * Tells where a filesystem's tables of inodes lie, in the order in which they stream by; of tables that
 * lie over one another the first.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 */
export function inodeTables(
  { groups, inodesPerGroup, inodeBytes, blockBytes }: Superblock,
  group: (number: number) => Group,
): InodeTable[] {
  const tables: InodeTable[] = [];
  for (let number = 0; number < groups; number += 1) {
    const start = group(number).inodeTable * blockBytes;
    const end = start + inodesPerGroup * inodeBytes;
    tables.push({ start, end, first: number * inodesPerGroup + 1 });
  }
  tables.sort((a, b) => a.start - b.start);
  let end = 0;
  return tables.filter((table) => {
    if (table.start < end) return false;
    end = table.end;
    return true;
  });
}
