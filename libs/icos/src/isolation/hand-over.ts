import { lstat } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { execa } from 'execa';
import { IcosError } from '../error.js';
import type { BuildUser } from './build-user.js';
import { removeOwned } from './leftovers.js';
import { endOwned } from './user-processes.js';

/**
 * Gives a build's folders to its user. A home that is its user's already, as a warm one is from the
 * second build on, stays as it is: with its caches it has millions of files.
 *
 * @throws IcosError NOT_STARTED
 */
export async function handOverBuild(
  user: BuildUser,
  worktree: string,
  tempDir: string,
  home: string,
): Promise<void> {
  const { uid } = await lstat(home);
  await handOver(user, [worktree, tempDir, ...(uid === user.uid ? [] : [home])]);
}

/** Ends what runs as a build's user, and removes what it left in folders of everybody. */
export async function endUser(user: BuildUser): Promise<void> {
  // As long as something runs, a folder could be exchanged for a link while it is being removed.
  if (await endOwned(user)) await removeOwned(user);
}

/**
 * Gives folders, and all that is in them, to a build's user. Links are not followed, and nothing of
 * the build may run yet: it could exchange one for another while it is being given.
 *
 * @throws IcosError NOT_STARTED
 * Source: chown(1)
 */
async function handOver(user: BuildUser, paths: readonly string[]): Promise<void> {
  const owner = `${user.uid}:${user.gid}`;
  const args = ['--recursive', '--no-dereference', '-P', owner, '--', ...paths];
  const { exitCode, stderr } = await execa('chown', args, { reject: false, stdin: 'ignore' });
  if (exitCode === 0) return;
  throw new IcosError(
    'NOT_STARTED',
    `the build's folders cannot be given to its user: ${quote(stderr.slice(0, 300))}`,
  );
}
