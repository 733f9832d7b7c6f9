import { join } from 'node:path';
import type { CommitId } from '#libs/encoding';
import { IcosError } from '../error.js';
import { git, type GitOptions } from './git.js';
import { copyPacks, markShallow, provePacks } from './pack-copy.js';
import { cacheRef, isHeldAlone, isShallow } from './source-cache.js';
import type { SourceHistory } from './source-request.js';

/** What to check out from where. */
export interface CheckoutRequest {
  readonly commit: CommitId;
  readonly history: SourceHistory;
  readonly cache: GitOptions;
  /** An empty folder. */
  readonly worktree: GitOptions;
  /** Whether all that the cache holds was fetched, and so hashed, by this very call. */
  readonly isProven: boolean;
}

/**
 * Makes the worktree a repository with copies of the cache's objects and checks the commit out.
 *
 * Every object is hashed between the host and the worktree's repository, once: on arrival from the
 * host, or by this. A cache may be damaged, or a build may have written to it, so nothing that it
 * says of itself counts.
 *
 * @throws IcosError GIT_FAILED when the cache cannot give the commit whole
 */
export async function checkOut(request: CheckoutRequest): Promise<void> {
  const { commit, history, cache, worktree, isProven } = request;
  await git(['init', '--quiet', '--template=', '--initial-branch=none'], worktree);
  // Copied only where that brings no other object: how many there are shows in abbreviated ids.
  const isCopied = history === 'commit' ? await isHeldAlone(commit, cache) : isProven;
  if (isCopied) {
    await copyPacks(cache.cwd, worktree.cwd);
    if (history === 'commit') await markShallow(worktree.cwd, commit);
  }
  await fetchFromCache(request, isCopied);
  const ends = await Promise.allSettled([
    git(['checkout', '--progress', '--force', '--detach', commit], worktree),
    // From the refs down to every file; a fetch that finds nothing to fetch need not have looked.
    git(['rev-list', '--objects', '--quiet', '--all', commit], worktree),
    isCopied && !isProven ? provePacks(worktree) : null,
  ]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  if (history === 'branches' && (await isShallow(join(worktree.cwd, '.git')))) {
    throw new IcosError('GIT_FAILED', 'the branches lack a part of their history');
  }
}

/** Where the objects are there already, this gives the refs alone. */
async function fetchFromCache(
  { commit, history, cache, worktree }: CheckoutRequest,
  isCopied: boolean,
): Promise<void> {
  await git(
    [
      ...['fetch', '--progress', '--no-tags', '--no-write-fetch-head'],
      // Exactly this folder: not a repository that somebody put into it, or beside it.
      '--upload-pack=git-upload-pack --strict',
      ...(history === 'commit' && !isCopied ? ['--depth=1'] : []),
      ...['--end-of-options', cache.cwd, cacheRef(commit)],
      ...(history === 'branches' ? ['+refs/heads/*:refs/remotes/origin/*'] : []),
    ],
    { ...worktree, protocols: ['file'] },
  );
}
