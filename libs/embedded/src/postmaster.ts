import { readFile, readlink, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './error.js';

/** What PostgreSQL says of itself in `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  readonly isReady: boolean;
}

/**
 * Reads the text of a `postmaster.pid`. Returns undefined for one that is not whole, as it is
 * written in steps.
 *
 * Source: PostgreSQL 18, src/include/utils/pidfile.h
 */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, isReady: lines[7]?.trim() === 'ready' };
}

/** Reads a cluster's `postmaster.pid`, if it has a readable one. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  try {
    return parsePostmasterFile(await readFile(join(cluster, 'postmaster.pid'), 'utf8'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Removes a lock file that a killed server left. Only for a cluster whose data directory is locked,
 * on which therefore no server of this lib runs.
 *
 * PostgreSQL takes its file for stale when no process has the number in it, or a process of another
 * user. After a restart of a container the number often belongs to something else of the same user,
 * and it would refuse to start for ever.
 */
export async function removeStaleFile(cluster: string): Promise<void> {
  const left = await readPostmasterFile(cluster);
  // PostgreSQL itself sees to a file whose process is gone.
  if (left === undefined || !isAlive(left.pid)) return;
  // A server that somebody started by hand works in its cluster; PostgreSQL then refuses to start.
  const place = await readlink(`/proc/${left.pid}/cwd`).catch(() => undefined);
  if (place === (await realpath(cluster))) return;
  await unlink(join(cluster, 'postmaster.pid'));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
