import { sha256 } from '#libs/encoding';
import { pathText } from '#libs/manifest';
import { malformed } from './malformed.js';
import { flagsText } from './file-flags.js';
import type { Inode } from './inode.js';
import { TIME_FIELDS, timeValue } from './inode-times.js';

const MAX_TARGET_BYTES = 4096;
const BLOCK_DEVICE = 0x6;

/** Attributes as they are put together. */
export type Draft = Record<string, string | number>;

/** Tells mode, owner, size, times and flags of an inode. */
export function inodeAttributes(inode: Inode): Draft {
  const draft: Draft = {
    mode: (inode.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: inode.uid,
    gid: inode.gid,
  };
  if (!Number.isSafeInteger(inode.sizeBytes)) throw malformed(`the size of inode ${inode.number}`);
  if (inode.sizeBytes > 0 || inode.kind === 'file') draft['size'] = inode.sizeBytes;
  for (const field of TIME_FIELDS) {
    const time = timeValue(inode, field);
    if (time !== undefined) draft[field.name] = time;
  }
  if (inode.kind === 'device') draft['rdev'] = deviceText(inode);
  const flags = flagsText(inode.flags);
  if (flags !== '') draft['flags'] = flags;
  return draft;
}

/**
 * Tells a block or character device: `b8:1`, `c1:3`.
 *
 * Source: Linux, include/linux/kdev_t.h
 */
function deviceText(inode: Inode): string {
  const letter = inode.mode >> 12 === BLOCK_DEVICE ? 'b' : 'c';
  const old = inode.blockArea.readUInt32LE(0);
  if (old !== 0) return `${letter}${(old >>> 8) & 0xff}:${old & 0xff}`;
  const number = inode.blockArea.readUInt32LE(4);
  return `${letter}${(number >>> 8) & 0xfff}:${(number & 0xff) | ((number >>> 12) & 0xfff00)}`;
}

/** Writes where a link leads; a target that is longer than a path as its digest. */
export function targetText(bytes: Buffer): string {
  const text = pathText(bytes);
  const isShort = Buffer.byteLength(text) <= MAX_TARGET_BYTES && !text.startsWith('sha256:');
  return isShort ? text : `sha256:${sha256(bytes)}`;
}
