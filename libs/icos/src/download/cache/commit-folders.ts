import { lstat, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommitId, compareText, isCommitId } from '#libs/encoding';
import { acquireLock, type FileLock, tryLock, withLock } from '../../lock/cross-process-lock.js';
import { isAbsent } from './cache-record.js';
import { makeFolder } from './durable.js';

/** What became of the commits in a cache. */
export interface CleanedCache {
  readonly removed: readonly CommitId[];
  /** Left alone, as a run uses them. */
  readonly inUse: readonly CommitId[];
}

const NEVER = new AbortController().signal;

/**
 * Marks a commit as used and removes those that were used longest ago, but never one that a run
 * uses. Beside each commit's folder `<commit>` lies a file `<commit>.lock`: it tells that the
 * folder is ours, by its time when it was used last, and by who locks it that it is in use.
 *
 * All this goes on under one lock of the whole cache, and so nobody locks a file that another is
 * about to remove.
 *
 * @returns the mark; the commit is in use until it is released, or this process ends
 * @throws IcosError INTERRUPTED, NOT_STARTED
 */
export async function useCommit(
  dir: string,
  commit: CommitId,
  keep: number,
  signal: AbortSignal = NEVER,
): Promise<FileLock> {
  await makeFolder(dir);
  return withLock(join(dir, 'cache.lock'), signal, async () => {
    const mark = await acquireLock(markOf(dir, commit), 'shared', signal);
    try {
      await mkdir(join(dir, commit), { recursive: true, mode: 0o700 });
      const now = new Date();
      await utimes(markOf(dir, commit), now, now);
      const lastUsedFirst = await commitsIn(dir);
      for (const old of lastUsedFirst.slice(keep)) await removeUnused(dir, old, signal);
      return mark;
    } catch (error) {
      mark.release();
      throw error;
    }
  });
}

/**
 * Removes every commit that no run uses.
 *
 * @throws IcosError INTERRUPTED, NOT_STARTED
 */
export async function removeCommits(
  dir: string,
  signal: AbortSignal = NEVER,
): Promise<CleanedCache> {
  // Looked for first: where there is no cache, none is made for the sake of its lock.
  if ((await commitsIn(dir)).length === 0) return { removed: [], inUse: [] };
  return withLock(join(dir, 'cache.lock'), signal, async () => {
    const removed: CommitId[] = [];
    const inUse: CommitId[] = [];
    for (const commit of await commitsIn(dir)) {
      const isRemoved = await removeUnused(dir, commit, signal);
      (isRemoved ? removed : inUse).push(commit);
    }
    return { removed, inUse };
  });
}

function markOf(dir: string, commit: CommitId): string {
  return join(dir, `${commit}.lock`);
}

/** Commits that are ours, the one that was used last first. Whatever else lies there is not seen. */
async function commitsIn(dir: string): Promise<readonly CommitId[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const commits = names
    .filter((name) => name.endsWith('.lock'))
    .map((name) => name.slice(0, -'.lock'.length))
    .filter(isCommitId);
  const used = await Promise.all(
    commits.map(async (commit) => {
      const stats = await lstat(markOf(dir, commit));
      return stats.isFile() ? [{ commit, usedMs: stats.mtimeMs }] : [];
    }),
  );
  return used
    .flat()
    .sort((a, b) => b.usedMs - a.usedMs || compareText(a.commit, b.commit))
    .map(({ commit }) => commit);
}

async function removeUnused(dir: string, commit: CommitId, signal: AbortSignal): Promise<boolean> {
  const lock = await tryLock(markOf(dir, commit), 'exclusive', signal);
  if (lock === null) return false;
  try {
    await rm(join(dir, commit), { recursive: true, force: true });
    // Last: what a crash leaves of the folder is still known to be ours.
    await rm(markOf(dir, commit), { force: true });
  } finally {
    lock.release();
  }
  return true;
}
