import { setImmediate } from 'node:timers/promises';
import type { Attributes } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import type { ContentVisitor } from './content-budget.js';
import { DEFAULT_EXT4_LIMITS, type Ext4Limits } from './limits.js';
import type { Ext4Member } from './member.js';
import { readVolume } from './read-volume.js';
import { Volume } from './volume.js';

/** What to do with each member, and where to stop. */
export interface Ext4Reading {
  /** Told each member, waited for where it returns a promise. */
  readonly onMember: (member: Ext4Member) => void | Promise<void>;
  /** Told each file that lies in blocks before it is hashed, unless it is refused by the limits. */
  readonly onContent?: ContentVisitor;
  readonly limits?: Partial<Ext4Limits>;
  readonly signal?: AbortSignal;
}

/** What a filesystem is beside its members. */
export interface Ext4Contents {
  /** Those of the container in a manifest: header fields, `layout`, `generations`, `rest`. */
  readonly attributes: Attributes;
  /** How many members were told. */
  readonly count: number;
}

/** After so long the process gets to do other things. */
const TURN_MS = 40;

/**
 * Reads an ext2, ext3 or ext4 filesystem without mounting it. Members come by the number of their inode;
 * names of the same inode together, the lowest first, the others as hard links to it.
 *
 * Of a file: `size`, `mode`, `uid`, `gid`, `atime`, `ctime`, `mtime`, `crtime` (seconds since 1970, as
 * text with nine digits of nanoseconds where they are not whole), `flags` as lsattr has them, `links`,
 * `xattr.<name>`, `content` (holes as zeros), `holes` (digest of where they are; absent for none). Of a
 * directory: `order`. Of the filesystem: its header's fields; `layout`, a digest of where things lie,
 * `generations`, one of the numbers a kernel draws for new inodes, `rest`, one of every other byte.
 * Filesystems whose members and attributes are equal are the same bytes.
 *
 * A filesystem whose journal was not replayed (`needs_recovery` among its features) is read as it lies.
 *
 * Bounds: every block is read for one owner, and once; memory for the names, a bit for each block, and
 * some 20 MiB. Contents are hashed once, up to the limits.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, BAD_MEMBER_NAME; UNSUPPORTED for encrypted files, and for
 * features that the reader does not know; TRUNCATED; TOO_LARGE, TOO_MANY_MEMBERS; INTERRUPTED;
 * NOT_READABLE where the source fails
 * Source: Linux, Documentation/filesystems/ext4
 */
export async function readExt4(source: ByteSource, reading: Ext4Reading): Promise<Ext4Contents> {
  const limits = { ...DEFAULT_EXT4_LIMITS, ...reading.limits };
  const steps = readVolume(new Volume(source), limits, reading.onContent);
  let count = 0;
  let turnEnds = 0;
  for (;;) {
    if (performance.now() >= turnEnds) {
      await setImmediate();
      if (reading.signal?.aborted === true) {
        throw new ImageError('INTERRUPTED', 'reading the filesystem was interrupted');
      }
      turnEnds = performance.now() + TURN_MS;
    }
    const step = steps.next();
    if (step.done === true) return { attributes: step.value, count };
    if (step.value !== null) {
      count += 1;
      const told = reading.onMember(step.value);
      if (told !== undefined) await told;
    }
  }
}
