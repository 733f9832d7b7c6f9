import { execa } from 'execa';
import { SYSTEM_PATH } from '../build/system-path.js';
import type { BuildUser } from './build-user.js';

type Command = readonly [string, ...string[]];

/** How a command of the build's user is run. */
export interface RunAsChoice {
  /**
   * Takes away for ever what sudo, newuidmap and other programs with a set-uid bit give: right where
   * a build calls no container engine, and the end of those that do.
   */
  readonly noNewPrivileges: boolean;
}

const TIMEOUT_MS = 10_000;

/**
 * Puts before a command what makes it run as another user, without any right of ours: no groups but
 * its own, no capabilities. Root only.
 *
 * Source: setpriv(1)
 */
export function runAs(
  user: BuildUser,
  command: Command,
  { noNewPrivileges }: RunAsChoice,
): Command {
  const groups = user.name === null || noNewPrivileges ? '--clear-groups' : '--init-groups';
  return [
    ...([
      'setpriv',
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      groups,
      '--inh-caps=-all',
    ] as const),
    ...(noNewPrivileges ? ['--no-new-privs'] : []),
    ...['--', ...command],
  ];
}

/**
 * Asks, as the build's user, a program that says yes by its exit code: only the kernel knows what
 * owners, modes, lists and mounts together allow. False where it could not be asked.
 */
export async function askAs(
  user: BuildUser,
  command: Command,
  { noNewPrivileges }: RunAsChoice = { noNewPrivileges: false },
): Promise<boolean> {
  const [file, ...args] = runAs(user, command, { noNewPrivileges });
  const { exitCode } = await execa(file, args, {
    ...{ env: { PATH: SYSTEM_PATH, LC_ALL: 'C' }, extendEnv: false, cwd: '/' },
    ...{ reject: false, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
    ...{ timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
  });
  return exitCode === 0;
}
