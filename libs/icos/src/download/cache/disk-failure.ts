import { statfs } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { IcosError } from '../../error.js';

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
const MAX_CAUSES = 5;

/**
 * Does something on the disk, and says in this lib's words why it failed.
 *
 * @param neededBytes - what is still to be written, where that is known
 * @throws IcosError OUT_OF_SPACE, CACHE_FAILED; what else the work throws
 */
export async function onDisk<T>(
  folder: string,
  work: () => Promise<T>,
  neededBytes: number | null = null,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (causesOf(cause).some((error) => 'code' in error && FULL.has(error.code))) {
      throw await outOfSpace(folder, neededBytes, cause);
    }
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    const text = `cannot use the download cache ${quote(folder)}: ${cause.message}`;
    throw new IcosError('CACHE_FAILED', text, { cause });
  }
}

/**
 * Looks for room before anything is downloaded in vain. Others may take it meanwhile, and quotas
 * do not show: a write can fail all the same.
 *
 * @throws IcosError OUT_OF_SPACE
 */
export async function requireSpace(folder: string, neededBytes: number): Promise<void> {
  const freeBytes = await freeBytesAt(folder);
  if (freeBytes !== null && freeBytes < neededBytes) throw await outOfSpace(folder, neededBytes);
}

async function outOfSpace(
  folder: string,
  neededBytes: number | null,
  cause?: unknown,
): Promise<IcosError> {
  const needed = neededBytes === null ? 'more bytes than that' : `${neededBytes} bytes more`;
  const free = (await freeBytesAt(folder)) ?? 'an unknown number of';
  return new IcosError(
    'OUT_OF_SPACE',
    `no space left for downloads in ${quote(folder)}: ${free} bytes are free there, and ${needed} are needed: free them, raise the quota, or choose a cache folder on another disk`,
    { cause },
  );
}

async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    // File systems that have no notion of size say zero of everything.
    return blocks === 0 ? null : bavail * bsize;
  } catch {
    return null;
  }
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  let current = error;
  while (current instanceof Error && causes.length < MAX_CAUSES) {
    causes.push(current);
    current = current.cause;
  }
  return causes;
}
