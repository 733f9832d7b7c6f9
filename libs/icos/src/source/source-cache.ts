import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId } from '#libs/encoding';
import { IcosError } from '../error.js';
import { git, type GitOptions } from './git.js';
import type { GitProtocol } from './git-settings.js';
import { readFetchFailure } from './source-failure.js';

/** What is wanted, and where it comes from. */
export interface SourceOrigin {
  readonly gitUrl: string;
  readonly protocol: GitProtocol;
  readonly commit: CommitId;
}

/** The cache's own name for a commit; keeps it from being collected, and offers it to fetches. */
export function cacheRef(commit: CommitId): string {
  return `refs/repro-quorum/${commit}`;
}

/** Tells whether the cache holds a commit. */
export async function isHeld(commit: CommitId, cache: GitOptions): Promise<boolean> {
  return (await resolve(cacheRef(commit), cache)) === commit;
}

/** Tells whether the cache holds this commit, and neither its history nor anything else. */
export async function isHeldAlone(commit: CommitId, cache: GitOptions): Promise<boolean> {
  const refs = await git(['for-each-ref', '--count=2', '--format=%(refname)'], cache);
  return refs === cacheRef(commit) && (await isShallow(cache.cwd));
}

/** Tells whether commits of a repository are said to have no parents, though they have. */
export async function isShallow(gitDir: string): Promise<boolean> {
  const boundary = await stat(join(gitDir, 'shallow')).catch(() => null);
  return boundary !== null && boundary.size > 0;
}

/** Tells whether the cache holds branches, and no commit without its parents. */
export async function holdsHistory(cache: GitOptions): Promise<boolean> {
  const head = await git(['for-each-ref', '--count=1', 'refs/heads'], cache);
  return head !== '' && !(await isShallow(cache.cwd));
}

/**
 * Fetches one commit: by its id where the server lets us, else with all branches and tags.
 *
 * @throws IcosError SOURCE_UNAVAILABLE, NETWORK, GIT_FAILED, INTERRUPTED
 */
export async function fetchCommit(origin: SourceOrigin, cache: GitOptions): Promise<void> {
  const { commit } = origin;
  // A boundary drawn into a history that is there would cut it: what comes on top of one is little.
  const depth = (await holdsHistory(cache)) ? [] : ['--depth=1'];
  const byId = [`+${commit}:${cacheRef(commit)}`];
  if ((await fetch(origin, depth, byId, cache)) === 'done') return;
  await fetch(origin, [], ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'], cache);
  // The server gave all that it shows; what is not among it, it does not have for us.
  if ((await resolve(commit, cache)) !== commit) throw unavailable(commit);
  await git(['update-ref', '--end-of-options', cacheRef(commit), commit], cache);
}

/**
 * Fetches all branches of the host with their history, and forgets those that it no longer has.
 * The cache holds nothing, or a history: what comes on top of commits without their parents takes
 * a host longer than the whole.
 *
 * @throws IcosError as {@link fetchCommit}
 */
export async function fetchBranches(origin: SourceOrigin, cache: GitOptions): Promise<void> {
  const end = await fetch(origin, ['--prune'], ['+refs/heads/*:refs/heads/*'], cache);
  if (end !== 'done') throw new IcosError('GIT_FAILED', 'the source host gives no branches');
}

async function fetch(
  { gitUrl, protocol, commit }: SourceOrigin,
  options: readonly string[],
  refs: readonly string[],
  cache: GitOptions,
): Promise<'done' | 'cannot-ask-by-id'> {
  const quiet = ['--progress', '--no-tags', '--no-write-fetch-head'];
  try {
    await git(['fetch', ...quiet, ...options, '--end-of-options', gitUrl, ...refs], {
      ...cache,
      protocols: [protocol],
    });
    await packLooseObjects(cache);
    return 'done';
  } catch (error) {
    switch (readFetchFailure(error)) {
      case 'cannot-ask-by-id':
        return 'cannot-ask-by-id';
      case 'unavailable':
        throw unavailable(commit, error);
      case 'unreachable':
        throw new IcosError('NETWORK', 'the source host cannot be reached', { cause: error });
      case 'other':
        throw error;
    }
  }
}

/** Over the dumb protocol objects come one by one; a cache keeps packs alone. */
async function packLooseObjects(cache: GitOptions): Promise<void> {
  const folders = await readdir(join(cache.cwd, 'objects'));
  if (folders.some((name) => /^[0-9a-f]{2}$/.test(name))) await git(['repack', '-d', '-q'], cache);
}

async function resolve(name: string, cache: GitOptions): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  try {
    return await git(args, cache);
  } catch (error) {
    if (error instanceof IcosError && error.code === 'GIT_FAILED') return null;
    throw error;
  }
}

function unavailable(commit: CommitId, cause?: unknown): IcosError {
  return new IcosError(
    'SOURCE_UNAVAILABLE',
    `the source host does not have commit ${commit}, or does not show it: it may be private still`,
    { cause },
  );
}
