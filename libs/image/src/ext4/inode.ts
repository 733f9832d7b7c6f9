import type { NodeKind } from '#libs/manifest';

/** Flags of an inode that the reader acts on. */
export const FLAG = {
  ENCRYPT: 0x800,
  INDEX: 0x1000,
  HUGE_FILE: 0x40000,
  EXTENTS: 0x80000,
  EA_INODE: 0x200000,
  EOFBLOCKS: 0x400000,
  INLINE_DATA: 0x10000000,
} as const;

/** Bytes of an inode that ext2 knew; what is beyond depends on its own count. */
export const OLD_INODE_BYTES = 128;
/** Where the block map, the extents, a short link's target or a small file begin. */
export const BLOCK_AREA_AT = 0x28;
export const BLOCK_AREA_BYTES = 60;

const KINDS: readonly (NodeKind | null)[] = [
  ...([null, 'fifo', 'device', null, 'directory', null, 'device', null] as const),
  ...(['file', null, 'symlink', null, 'socket', null, null, null] as const),
];

/**
 * One inode, decoded as it is asked for.
 *
 * Source: Linux, Documentation/filesystems/ext4, "Index Nodes"
 */
export class Inode {
  readonly mode: number;
  readonly flags: number;
  readonly sizeBytes: number;

  constructor(
    readonly number: number,
    readonly bytes: Buffer,
  ) {
    this.mode = bytes.readUInt16LE(0x00);
    this.flags = bytes.readUInt32LE(0x20);
    this.sizeBytes = bytes.readUInt32LE(0x04) + bytes.readUInt32LE(0x6c) * 2 ** 32;
  }

  /** With bytes of its own, which may be changed. */
  copy(): Inode {
    return new Inode(this.number, Buffer.from(this.bytes));
  }

  /** Null for one that is of no known type, as an empty one is. */
  get kind(): NodeKind | null {
    return KINDS[this.mode >> 12] ?? null;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  get uid(): number {
    return this.bytes.readUInt16LE(0x02) + this.bytes.readUInt16LE(0x78) * 2 ** 16;
  }

  get gid(): number {
    return this.bytes.readUInt16LE(0x18) + this.bytes.readUInt16LE(0x7a) * 2 ** 16;
  }

  get links(): number {
    return this.bytes.readUInt16LE(0x1a);
  }

  get generation(): number {
    return this.bytes.readUInt32LE(0x64);
  }

  /** Block of its extended attributes, 0 for none. */
  get attributeBlock(): number {
    return this.bytes.readUInt32LE(0x68) + this.bytes.readUInt16LE(0x76) * 2 ** 32;
  }

  /** How many bytes beyond the old ones have a fixed meaning; extended attributes follow. */
  get extraBytes(): number {
    if (this.bytes.length <= OLD_INODE_BYTES) return 0;
    return Math.min(this.bytes.readUInt16LE(0x80), this.bytes.length - OLD_INODE_BYTES);
  }

  get blockArea(): Buffer {
    return this.bytes.subarray(BLOCK_AREA_AT, BLOCK_AREA_AT + BLOCK_AREA_BYTES);
  }

  /** A link whose target lies in the inode itself. */
  get isFastSymlink(): boolean {
    return (
      this.kind === 'symlink' && this.sizeBytes < BLOCK_AREA_BYTES && !this.has(FLAG.INLINE_DATA)
    );
  }
}
