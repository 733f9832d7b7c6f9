import type { ByteSource } from '../byte-source.js';
import { type Group, readGroup } from './group-table.js';
import { Inode } from './inode.js';
import { malformed } from './malformed.js';
import { MetadataCache } from './metadata-cache.js';
import { readSuperblock, type Superblock } from './superblock.js';

/** A filesystem that is open for reading: its header, its groups, its inodes and blocks by number. */
export class Volume {
  readonly superblock: Superblock;
  private readonly cache: MetadataCache;
  private readonly groups: (Group | undefined)[] = [];

  /** @throws ImageError MALFORMED_FILESYSTEM, UNSUPPORTED, TRUNCATED */
  constructor(readonly source: ByteSource) {
    this.superblock = readSuperblock(source);
    this.cache = new MetadataCache(source);
  }

  group(number: number): Group {
    return (this.groups[number] ??= readGroup(this.superblock, this.cache, number));
  }

  /** One block of metadata. The bytes stay; they are not to be changed. */
  block(number: number): Buffer {
    const { blockBytes, blocks } = this.superblock;
    if (number >= blocks) throw malformed(`block ${number} of ${blocks}`);
    return this.cache.bytes(number * blockBytes, blockBytes);
  }

  /** @throws ImageError MALFORMED_FILESYSTEM where there is no inode of that number */
  inode(number: number): Inode {
    const { inodes, inodesPerGroup, inodeBytes, blockBytes } = this.superblock;
    if (number < 1 || number > inodes) throw malformed(`inode ${number} of ${inodes}`);
    const group = this.group(Math.floor((number - 1) / inodesPerGroup));
    const at = ((number - 1) % inodesPerGroup) * inodeBytes;
    return new Inode(number, this.cache.bytes(group.inodeTable * blockBytes + at, inodeBytes));
  }
}
