import { readFile, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './error.js';
import { workingDirectory } from './processes.js';
import { awaitVacancy } from './vacancy.js';

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
 * Waits until no process works in a cluster, then removes a lock file that a killed server left.
 *
 * PostgreSQL takes a lock file for stale when no process has its number, or a process of another
 * user. After a restart of a container the number often belongs to something else of the same user,
 * and it would refuse to start for ever. Every process of a server, orphans included, has the cluster
 * as its working directory; that is asked instead.
 *
 * @throws EmbeddedError ALREADY_RUNNING
 */
export async function awaitVacantCluster(dataDir: string, cluster: string): Promise<void> {
  const place = await realpath(cluster);
  await awaitVacancy(dataDir, async (pid) => (await workingDirectory(pid)) === place);
  const left = await readPostmasterFile(cluster);
  if (left !== undefined && isAlive(left.pid)) await unlink(join(cluster, 'postmaster.pid'));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
