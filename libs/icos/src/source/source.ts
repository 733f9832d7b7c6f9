import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asCommitId, quote } from '#libs/encoding';
import { IcosError } from '../error.js';
import { withLock } from '../lock/cross-process-lock.js';
import type { GitOptions } from './git.js';
import { askBranches } from './host-branches.js';
import { inspect, setMainBranch } from './inspection.js';
import type { Source, SourceProgress, SourceRequest } from './source-request.js';
import { protocolOf } from './source-url.js';
import { supply, type Order } from './supply.js';

export type { Source, SourceProgress, SourceRequest } from './source-request.js';

const DEFAULT_STALL_TIMEOUT_MS = 600_000;

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
 * empty, or a checkout that is not clean; CACHE_FAILED for a cache folder that is somebody else's;
 * OUT_OF_SPACE, GIT_FAILED, URL_NOT_ALLOWED, NOT_STARTED, INTERRUPTED; and whatever
 * `needsBranches` throws
 */
export async function fetchSource(request: SourceRequest): Promise<Source> {
  const order = prepare(request);
  const { origin, cache, worktree, signal } = order;
  await makeWorktreeDir(worktree.cwd);
  await mkdir(cache.cwd, { recursive: true });
  const history = await withLock(`${cache.cwd}.lock`, signal, async () => supply(order));
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
