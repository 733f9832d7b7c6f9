import { delimiter, resolve } from 'node:path';

/** Debian keeps nats-server and setpriv's neighbours where an ordinary user's PATH does not look. */
const SYSTEM_DIRECTORIES = ['/usr/local/bin', '/usr/local/sbin', '/usr/sbin', '/usr/bin', '/sbin'];

/** Where `run` puts the programs that it brings into a checkout, seen from the working directory. */
const CHECKOUT_DIRECTORY = '.tools/bin';

/** The variable by which `run` finds what a run has left behind; see `.ci/steps/guard.sh`. */
const RUN_MARK = 'REPRO_QUORUM_RUN_ID';

/** Lists the directories in which programs are looked for, first one first. */
export function programDirectories(): string[] {
  const named = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '');
  return [...named, ...SYSTEM_DIRECTORIES, resolve(CHECKOUT_DIRECTORY)];
}

/**
 * Makes the environment of a server: a search path, UTC, plain messages and nothing else. Inherited
 * variables would change a server behind our back (PGDATA, PGOPTIONS) or hand it secrets.
 */
export function serverEnvironment(): Record<string, string> {
  const mark = process.env[RUN_MARK];
  return {
    PATH: programDirectories().join(delimiter),
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(mark === undefined ? {} : { [RUN_MARK]: mark }),
  };
}
