import { type CommitId, quote } from '#libs/encoding';
import { IcosError } from '../error.js';
import { git, type GitOptions } from './git.js';
import type { Source } from './source-request.js';

/** What git itself says of a fresh checkout. */
export type Inspection = Omit<Source, 'history' | 'branchTips'>;

/**
 * Looks whether a worktree is at the commit and clean.
 *
 * @throws IcosError DIRTY_TREE, GIT_FAILED, NETWORK, INTERRUPTED
 */
export async function inspect(commit: CommitId, worktree: GitOptions): Promise<Inspection> {
  const ask = async (...args: string[]): Promise<string> => git(args, worktree);
  const facts = ['--is-shallow-repository', 'HEAD^{commit}', 'HEAD^{tree}'];
  const [isShallow, head = '', treeId = ''] = (await ask('rev-parse', ...facts)).split('\n');
  if (head !== commit) {
    throw new IcosError('GIT_FAILED', `git checked out ${quote(head)}, not ${commit}`);
  }
  const [changes, version] = await Promise.all([
    ask('status', '--porcelain=v1', '--untracked-files=all', '--ignored'),
    ask('version'),
  ]);
  if (changes !== '') {
    throw new IcosError('DIRTY_TREE', `the fresh checkout is not clean: ${quote(changes)}`);
  }
  return {
    worktree: worktree.cwd,
    treeId,
    isShallow: isShallow === 'true',
    isClean: true,
    gitVersion: version.replace(/^git version /, ''),
  };
}

/** Names the branch that a clone would have checked out, where the worktree has it. */
export async function setMainBranch(name: string | null, worktree: GitOptions): Promise<void> {
  const branch = `refs/remotes/origin/${name ?? ''}`;
  const held = await git(['for-each-ref', '--format=%(refname)', branch], worktree);
  if (name === null || held !== branch) return;
  await git(['symbolic-ref', 'refs/remotes/origin/HEAD', branch], worktree);
}
