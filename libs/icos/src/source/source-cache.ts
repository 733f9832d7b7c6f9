import type { CommitId } from '#libs/encoding';
import { IcosError } from '../error.js';
import { git, type GitOptions, type GitProtocol } from './git.js';
import { readFetchFailure } from './source-failure.js';

/** The cache's own name for a commit; keeps it from being collected, and offers it to fetches. */
export function cacheRef(commit: CommitId): string {
  return `refs/repro-quorum/${commit}`;
}

/** Makes the cache a repository if it is none, and tells whether it holds a commit. */
export async function heldInCache(commit: CommitId, options: GitOptions): Promise<boolean> {
  await git(['init', '--quiet', '--bare', '--template='], options);
  return isHeld(cacheRef(commit), commit, options);
}

/**
 * Fetches one commit: by its id where the server lets us, else with all branches and tags.
 *
 * @throws IcosError SOURCE_UNAVAILABLE, NETWORK, GIT_FAILED, INTERRUPTED
 */
export async function fetchIntoCache(
  gitUrl: string,
  protocol: GitProtocol,
  commit: CommitId,
  cache: GitOptions,
): Promise<void> {
  const options = { ...cache, protocols: [protocol] };
  const byId = ['--depth=1', '--end-of-options', gitUrl, `+${commit}:${cacheRef(commit)}`];
  if ((await fetch(byId, commit, options)) === 'done') return;
  const all = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  await fetch(['--end-of-options', gitUrl, ...all], commit, options);
  // The server gave all that it shows; what is not among it, it does not have for us.
  if (!(await isHeld(commit, commit, options))) throw unavailable(commit);
  await git(['update-ref', '--end-of-options', cacheRef(commit), commit], options);
}

async function fetch(
  args: readonly string[],
  commit: CommitId,
  options: GitOptions,
): Promise<'done' | 'cannot-ask-by-id'> {
  try {
    await git(['fetch', '--progress', '--no-tags', '--no-write-fetch-head', ...args], options);
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

async function isHeld(name: string, commit: CommitId, options: GitOptions): Promise<boolean> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  try {
    return (await git(args, options)) === commit;
  } catch (error) {
    if (error instanceof IcosError && error.code === 'GIT_FAILED') return false;
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
