import { readFile } from 'node:fs/promises';
import { quote } from '#libs/encoding';
import { execa } from 'execa';
import { IcosError } from '../error.js';
import { parseSubordinateIds, parseUserEntry, type IdRange } from './user-entry.js';

/** Somebody who runs builds and nothing else. */
export interface BuildUser {
  /** Null for an id that has no name. */
  readonly name: string | null;
  readonly uid: number;
  readonly gid: number;
  /** Ids that its containers' users have outside, where podman runs without root. */
  readonly subordinateIds: readonly IdRange[];
}

/** Shells with which nobody logs in. */
const NO_SHELL = /\/(?:nologin|false)$/;
const TIMEOUT_MS = 10_000;

/**
 * Finds a user by name or id; null when there is no such name. An id without a name is a user all the
 * same, in a group of the same number.
 *
 * @throws IcosError BAD_BUILD_USER for root, for whoever runs this, and for somebody who can log in:
 * whatever runs as a build's user is ended with the build
 * Source: getent(1), passwd(5), subuid(5)
 */
export async function findBuildUser(wanted: string): Promise<BuildUser | null> {
  const { stdout } = await execa('getent', ['passwd', '--', wanted], {
    ...{ reject: false, stdin: 'ignore', stderr: 'ignore', timeout: TIMEOUT_MS },
  });
  const entry = parseUserEntry(stdout.split('\n')[0] ?? '');
  if (entry === null && !/^[0-9]+$/.test(wanted)) return null;
  const id = Number(wanted);
  const { name, uid, gid, shell } = entry ?? { name: null, uid: id, gid: id, shell: '' };
  const refuse = (why: string): IcosError =>
    new IcosError('BAD_BUILD_USER', `user ${quote(wanted)} cannot run builds: ${why}`);
  if (uid === 0) throw refuse('it is root');
  if (uid === process.getuid?.()) throw refuse('it is who runs this');
  if (entry !== null && !NO_SHELL.test(shell)) {
    throw refuse('it can log in, and all that runs as it is ended with each build');
  }
  const subordinate = await readFile('/etc/subuid', 'utf8').catch(() => '');
  return { name, uid, gid, subordinateIds: parseSubordinateIds(subordinate, name, uid) };
}

/** Whether a process with this id is the user's, or of a user in one of its containers. */
export function isOf({ uid, subordinateIds }: BuildUser, id: number): boolean {
  return id === uid || subordinateIds.some(({ first, count }) => id >= first && id < first + count);
}
