import { type Inode, OLD_INODE_BYTES } from './inode.js';

/** Where an inode keeps its four times: seconds, and nanoseconds with two more bits of the seconds. */
export const TIME_FIELDS = [
  { name: 'atime', at: 0x08, extraAt: 0x8c },
  { name: 'ctime', at: 0x0c, extraAt: 0x84 },
  { name: 'mtime', at: 0x10, extraAt: 0x88 },
  { name: 'crtime', at: 0x90, extraAt: 0x94 },
] as const;

/** Tells whether a field beyond the old inode is one, and not a part of the attributes that follow. */
export function hasField(inode: Inode, at: number): boolean {
  return at + 4 <= OLD_INODE_BYTES + inode.extraBytes;
}

/**
 * Writes a time of an inode: whole seconds since 1970 as a number, else text with nine digits of
 * nanoseconds, which count forward also before 1970. Undefined where the inode has no such time.
 *
 * Source: Linux, Documentation/filesystems/ext4, "Inode Timestamps"
 */
export function timeValue(
  inode: Inode,
  { at, extraAt }: { at: number; extraAt: number },
): number | string | undefined {
  if (at >= OLD_INODE_BYTES && !hasField(inode, at)) return undefined;
  const seconds = inode.bytes.readInt32LE(at);
  if (!hasField(inode, extraAt)) return seconds;
  const extra = inode.bytes.readUInt32LE(extraAt);
  const whole = seconds + (extra & 3) * 2 ** 32;
  const nanoseconds = extra >>> 2;
  return nanoseconds === 0 ? whole : `${whole}.${nanoseconds.toString().padStart(9, '0')}`;
}
