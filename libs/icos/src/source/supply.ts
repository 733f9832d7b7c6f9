import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pRetry from 'p-retry';
import { IcosError, interrupted } from '../error.js';
import { renewCache, tidyCache } from './cache-folder.js';
import { checkOut } from './checkout.js';
import { outOfSpace } from './full-disk.js';
import type { GitOptions } from './git.js';
import { repositoryReader } from './repository-reader.js';
import {
  fetchBranches,
  fetchCommit,
  holdsHistory,
  isHeld,
  type SourceOrigin,
} from './source-cache.js';
import type { SourceHistory, SourceRequest } from './source-request.js';

const DEFAULT_RETRIES = 3;
const DEFAULT_RETRY_DELAY_MS = 5_000;

/** A request, made ready for git. */
export interface Order {
  readonly request: SourceRequest;
  readonly origin: SourceOrigin;
  readonly signal: AbortSignal;
  readonly cache: GitOptions;
  readonly worktree: GitOptions;
}

/**
 * Brings the commit, and branches where the build needs them, through the cache into the worktree:
 * once, and once more where an old cache was no good. The caller holds the cache's lock.
 *
 * @throws IcosError as {@link fetchSource}
 */
export async function supply(order: Order): Promise<SourceHistory> {
  const { cache, worktree } = order;
  const isEmpty = await tidyCache(cache.cwd);
  try {
    return await provideOnDisk(order, isEmpty);
  } catch (error) {
    const isDamage = error instanceof IcosError && error.code === 'GIT_FAILED';
    if (isEmpty || !isDamage) throw error;
    // A crash, a bad disk, somebody's hand: nothing of it is kept, as nothing tells what is good.
    await renewCache(cache.cwd);
    // The folder itself stays: it may be a mount.
    for (const name of await readdir(worktree.cwd)) {
      await rm(join(worktree.cwd, name), { recursive: true, force: true });
    }
    return provideOnDisk(order, true);
  }
}

/** A full disk is told as such: it would be as full with a new cache, and the old one gone. */
async function provideOnDisk(order: Order, isEmpty: boolean): Promise<SourceHistory> {
  try {
    return await provide(order, isEmpty);
  } catch (error) {
    throw (await outOfSpace([order.cache.cwd, order.worktree.cwd], error)) ?? error;
  }
}

async function provide(order: Order, isEmpty: boolean): Promise<SourceHistory> {
  const { request, origin, cache, worktree, signal } = order;
  const { commit } = origin;
  const fetchMissing = async (): Promise<void> => {
    if (await isHeld(commit, cache)) return;
    await insist(order, async () => fetchCommit(origin, cache));
  };
  await fetchMissing();
  const read = repositoryReader(cache.cwd, commit, signal);
  const history = (await request.needsBranches?.(read)) === true ? 'branches' : 'commit';
  let isProven = isEmpty;
  if (history === 'branches') {
    if (!(await holdsHistory(cache))) {
      await renewCache(cache.cwd);
      isProven = true;
    }
    await insist(order, async () => fetchBranches(origin, cache));
    // Only a fork may have it.
    await fetchMissing();
  }
  await checkOut({ commit, history, cache, worktree, isProven });
  return history;
}

/** Tries again while the host cannot be reached. */
async function insist({ request, signal }: Order, work: () => Promise<void>): Promise<void> {
  await pRetry(work, {
    retries: request.retries ?? DEFAULT_RETRIES,
    minTimeout: request.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof IcosError && error.code === 'NETWORK',
    signal,
  }).catch((error: unknown) => {
    throw signal.aborted ? interrupted(signal) : error;
  });
}
