import { mkdir, readdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asCommitId, type CommitId, quote } from '#libs/encoding';
import { withLock } from '../lock/cross-process-lock.js';
import pRetry from 'p-retry';
import { IcosError, interrupted } from '../error.js';
import { git, type GitOptions } from './git.js';
import { cacheRef, fetchIntoCache, heldInCache } from './source-cache.js';
import { protocolOf } from './source-url.js';

/** Which source to fetch, and where to put it. */
export interface SourceRequest {
  /** `https://…`; `http://` and `file://` only because the configuration says so. */
  readonly gitUrl: string;
  readonly commit: CommitId;
  /** Bare repository shared by all builds; made when absent. A file `<cacheDir>.lock` is beside. */
  readonly cacheDir: string;
  /** Absent or empty; becomes a repository of its own that holds this one commit. */
  readonly worktreeDir: string;
  readonly signal?: AbortSignal;
  /** Longest time without progress, in milliseconds; default ten minutes. */
  readonly stallTimeoutMs?: number;
  /** How often an unreachable host is tried again; default three times. */
  readonly retries?: number;
  /** Delay before the first retry, in milliseconds, doubled each time; default five seconds. */
  readonly retryDelayMs?: number;
  readonly onProgress?: (progress: SourceProgress) => void;
}

/** How far a source is. */
export interface SourceProgress {
  readonly step: 'fetch' | 'checkout';
  readonly percent: number;
}

/** A checked-out commit. */
export interface Source {
  readonly worktree: string;
  /** Git's id of the commit's tree: the content alone, without history and message. */
  readonly treeId: string;
  /** Whether the worktree's repository lacks the commit's parents. */
  readonly isShallow: boolean;
  /** Git sees no changed, unknown or ignored file; anything else is an error. */
  readonly isClean: true;
  readonly gitVersion: string;
}

const DEFAULT_STALL_TIMEOUT_MS = 600_000;
const DEFAULT_RETRIES = 3;
const DEFAULT_RETRY_DELAY_MS = 5_000;

/**
 * Fetches one commit and checks it out.
 *
 * The worktree is a repository of its own with objects of its own: no link leads from it into the
 * cache or into another build, so a build script can damage nothing but itself, and the whole
 * folder can be mounted into a container.
 *
 * Calls on one cache, from this process or others, take turns.
 *
 * @throws EncodingError NOT_A_COMMIT
 * @throws IcosError SOURCE_UNAVAILABLE when the host answers and does not have the commit, or does
 * not show it to us; NETWORK when it does not answer; DIRTY_TREE, GIT_FAILED, URL_NOT_ALLOWED,
 * NOT_STARTED, INTERRUPTED
 */
export async function fetchSource(request: SourceRequest): Promise<Source> {
  const commit = asCommitId(request.commit);
  const protocol = protocolOf(request.gitUrl);
  const { gitUrl, onProgress } = request;
  const signal = request.signal ?? new AbortController().signal;
  const stallTimeoutMs = request.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS;
  const options = (step: SourceProgress['step'], dir: string): GitOptions => ({
    cwd: resolve(dir),
    signal,
    stallTimeoutMs,
    onProgress: (percent) => onProgress?.({ step, percent }),
  });
  const cache = options('fetch', request.cacheDir);
  const worktree = options('checkout', request.worktreeDir);
  await makeWorktreeDir(worktree.cwd);
  await mkdir(cache.cwd, { recursive: true });
  await withLock(`${cache.cwd}.lock`, signal, async () => {
    if (await heldInCache(commit, cache)) {
      if (await tryCheckOut(cache.cwd, commit, worktree)) return;
      // A cache that promised the commit and cannot give it is damaged: a crash, a bad disk.
      await renew(cache.cwd);
      await renew(worktree.cwd);
      await heldInCache(commit, cache);
    }
    await pRetry(async () => fetchIntoCache(gitUrl, protocol, commit, cache), {
      retries: request.retries ?? DEFAULT_RETRIES,
      minTimeout: request.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof IcosError && error.code === 'NETWORK',
      signal,
    }).catch((error: unknown) => {
      throw signal.aborted ? interrupted(signal) : error;
    });
    await checkOut(cache.cwd, commit, worktree);
  });
  return inspect(commit, worktree);
}

async function makeWorktreeDir(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length === 0) return;
  // Never emptied here: the folder may be anyone's.
  throw new IcosError('DIRTY_TREE', `${quote(dir)} is not empty: give an empty or absent folder`);
}

async function renew(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir);
}

async function tryCheckOut(
  cacheDir: string,
  commit: CommitId,
  worktree: GitOptions,
): Promise<boolean> {
  try {
    await checkOut(cacheDir, commit, worktree);
    return true;
  } catch (error) {
    if (error instanceof IcosError && error.code === 'GIT_FAILED') return false;
    throw error;
  }
}

async function checkOut(cacheDir: string, commit: CommitId, worktree: GitOptions): Promise<void> {
  const fromCache: GitOptions = { ...worktree, protocols: ['file'] };
  await git(['init', '--quiet', '--template=', '--initial-branch=none'], worktree);
  // A fetch, not a clone of the folder: objects are copied and hashed anew, not linked.
  await git(
    [
      'fetch',
      '--progress',
      '--no-tags',
      '--depth=1',
      '--end-of-options',
      cacheDir,
      cacheRef(commit),
    ],
    fromCache,
  );
  await git(['checkout', '--progress', '--force', '--detach', commit], worktree);
}

async function inspect(commit: CommitId, worktree: GitOptions): Promise<Source> {
  const ask = async (...args: string[]): Promise<string> => git(args, worktree);
  const head = await ask('rev-parse', '--verify', 'HEAD^{commit}');
  if (head !== commit) {
    throw new IcosError('GIT_FAILED', `git checked out ${quote(head)}, not ${commit}`);
  }
  const changes = await ask('status', '--porcelain=v1', '--untracked-files=all', '--ignored');
  if (changes !== '') {
    throw new IcosError('DIRTY_TREE', `the fresh checkout is not clean: ${quote(changes)}`);
  }
  return {
    worktree: worktree.cwd,
    treeId: await ask('rev-parse', '--verify', 'HEAD^{tree}'),
    isShallow: (await ask('rev-parse', '--is-shallow-repository')) === 'true',
    isClean: true,
    gitVersion: (await ask('version')).replace(/^git version /, ''),
  };
}
