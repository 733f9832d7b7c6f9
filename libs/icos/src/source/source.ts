import { mkdir, readdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asCommitId, quote } from '#libs/encoding';
import pRetry from 'p-retry';
import { IcosError, interrupted } from '../error.js';
import { renewCache, tidyCache } from './cache-folder.js';
import { checkOut } from './checkout.js';
import { withLock } from '../lock/cross-process-lock.js';
import type { GitOptions } from './git.js';
import { askBranches } from './host-branches.js';
import { inspect, setMainBranch } from './inspection.js';
import { repositoryReader } from './repository-reader.js';
import {
  fetchBranches,
  fetchCommit,
  holdsHistory,
  isHeld,
  type SourceOrigin,
} from './source-cache.js';
import type { Source, SourceHistory, SourceProgress, SourceRequest } from './source-request.js';
import { protocolOf } from './source-url.js';

export type { Source, SourceProgress, SourceRequest } from './source-request.js';

const DEFAULT_STALL_TIMEOUT_MS = 600_000;
const DEFAULT_RETRIES = 3;
const DEFAULT_RETRY_DELAY_MS = 5_000;

/** One request, made ready for the steps below. */
interface Order {
  readonly request: SourceRequest;
  readonly origin: SourceOrigin;
  readonly signal: AbortSignal;
  readonly cache: GitOptions;
  readonly worktree: GitOptions;
}

/**
 * Fetches one commit and checks it out; with it the branches of the host, where the build needs
 * them.
 *
 * The worktree is a repository of its own with objects of its own: no link leads from it into the
 * cache, to the host or into another build, so a build script can damage nothing but itself, and
 * the whole folder can be mounted into a container. Every object in it was hashed by this call. A
 * cache that turns out damaged, or tampered with, is renewed.
 *
 * A commit that the cache has needs no host, unless branches are needed: those of yesterday may be
 * gone. Calls on one cache, from this process or others, take turns.
 *
 * @throws EncodingError NOT_A_COMMIT
 * @throws IcosError SOURCE_UNAVAILABLE when the host answers and does not have the commit, or does
 * not show it to us; NETWORK when it does not answer; DIRTY_TREE for a worktree folder that is not
 * empty, a checkout that is not clean, or a cache folder that is somebody else's; GIT_FAILED,
 * URL_NOT_ALLOWED, NOT_STARTED, INTERRUPTED; and whatever `needsBranches` throws
 */
export async function fetchSource(request: SourceRequest): Promise<Source> {
  const order = prepare(request);
  const { origin, cache, worktree, signal } = order;
  await makeWorktreeDir(worktree.cwd);
  await mkdir(cache.cwd, { recursive: true });
  const history = await withLock(`${cache.cwd}.lock`, signal, async () => takeTurn(order));
  const [facts, branches] = await Promise.all([
    inspect(origin.commit, worktree),
    askBranches(origin, worktree),
  ]);
  if (history === 'branches') await setMainBranch(branches.main, worktree);
  return { ...facts, history, branchTips: branches.tips };
}

function prepare(request: SourceRequest): Order {
  const { gitUrl, onProgress, stallTimeoutMs = DEFAULT_STALL_TIMEOUT_MS } = request;
  const signal = request.signal ?? new AbortController().signal;
  const options = (step: SourceProgress['step'], dir: string): GitOptions => ({
    cwd: resolve(dir),
    signal,
    stallTimeoutMs,
    onProgress: (percent) => onProgress?.({ step, percent }),
  });
  return {
    request,
    signal,
    origin: { commit: asCommitId(request.commit), gitUrl, protocol: protocolOf(gitUrl) },
    cache: { ...options('fetch', request.cacheDir), isBare: true },
    worktree: options('checkout', request.worktreeDir),
  };
}

async function makeWorktreeDir(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length === 0) return;
  // Never emptied here: the folder may be anyone's.
  throw new IcosError('DIRTY_TREE', `${quote(dir)} is not empty: give an empty or absent folder`);
}

/** What is done under the lock: once, and once more where an old cache was no good. */
async function takeTurn(order: Order): Promise<SourceHistory> {
  const { cache, worktree } = order;
  const isEmpty = await tidyCache(cache.cwd);
  try {
    return await provide(order, isEmpty);
  } catch (error) {
    if (isEmpty || !mayBeDamage(error)) throw error;
    // A crash, a bad disk, somebody's hand: nothing of it is kept, as nothing tells what is good.
    await renewCache(cache.cwd);
    await rm(worktree.cwd, { recursive: true, force: true });
    await mkdir(worktree.cwd);
    return provide(order, true);
  }
}

/** A disk that is full would be as full with a new cache, and the old one gone for nothing. */
function mayBeDamage(error: unknown): boolean {
  if (!(error instanceof IcosError) || error.code !== 'GIT_FAILED') return false;
  return !/No space left|quota exceeded/i.test(error.message);
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
