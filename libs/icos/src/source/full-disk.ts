import { statfs } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';

const FULL_BELOW_BYTES = 1024 ** 2;
const WORDS = /No space left|ENOSPC|Disk quota exceeded|EDQUOT/i;

/**
 * Tells whether a failure is one of a full disk. Git says of many a write only that it failed, so
 * the disks of these folders are asked too.
 */
export async function outOfSpace(
  folders: readonly string[],
  cause: unknown,
): Promise<IcosError | null> {
  if (!(cause instanceof Error) || !mayBeFull(cause)) return null;
  const free = await Promise.all(folders.map(freeBytes));
  const least = free.indexOf(Math.min(...free));
  if (!WORDS.test(cause.message) && !((free[least] ?? 0) < FULL_BELOW_BYTES)) return null;
  return new IcosError(
    'OUT_OF_SPACE',
    `no space left for the source: ${free[least] ?? 0} bytes are free in ${quote(folders[least] ?? '')}; free more, or raise the quota`,
    { cause },
  );
}

function mayBeFull(error: Error): boolean {
  return error instanceof IcosError ? error.code === 'GIT_FAILED' : 'syscall' in error;
}

/** A file system without a notion of size, or of files, has enough of them. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize, blocks, ffree, files } = await statfs(folder);
  if (files > 0 && ffree === 0) return 0;
  return blocks === 0 ? Infinity : bavail * bsize;
}
