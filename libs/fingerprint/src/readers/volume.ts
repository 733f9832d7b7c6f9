import { realpath, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { attempt } from '../attempt.js';
import { mountOf } from '../parsers/mountinfo.js';
import type { Mount } from '../parsers/mountinfo.js';

/** The filesystem that a path is, or will be, on; `null` what cannot be read. */
export interface Volume {
  readonly filesystem: string | null;
  readonly tmpfs: boolean | null;
  readonly sizeBytes: number | null;
  /** What an unprivileged user may still fill. */
  readonly freeBytes: number | null;
  readonly blockSizeBytes: number | null;
}

const TMPFS_MAGIC = 0x01021994n;

/** Reads which filesystem a path is on; where it does not exist yet, the nearest parent's. */
export async function readVolume(
  path: string,
  mounts: readonly Mount[],
  timeoutMs: number,
): Promise<Volume> {
  const real = await attempt(timeoutMs, () => existing(path));
  const stats = await attempt(timeoutMs, () => statfs(real ?? path, { bigint: true }));
  // Block counts are in fragments, which on FUSE (virtiofs, 9p behind WSL) differ from blocks.
  const unit = stats === null ? 0n : stats.frsize || stats.bsize;
  return {
    filesystem: real === null ? null : (mountOf(mounts, real)?.filesystem ?? null),
    tmpfs: stats === null ? null : stats.type === TMPFS_MAGIC,
    sizeBytes: safe(stats && stats.blocks * unit),
    freeBytes: safe(stats && stats.bavail * unit),
    blockSizeBytes: safe(stats && stats.bsize),
  };
}

async function existing(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return existing(parent);
  }
}

function safe(bytes: bigint | null): number | null {
  if (bytes === null || bytes < 0n || bytes > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return Number(bytes);
}
