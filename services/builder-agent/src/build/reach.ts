import { resolve } from 'node:path';
import { askAs, type BuildUser } from '#libs/icos';
import { ConfigError } from '#libs/platform';
import type { Config } from '../config.js';

/** What must be read by nobody who builds. */
const SECRETS = [
  ...(['KEY_FILE', 'WITNESS_KEY_FILE', 'KEY_PASSPHRASE_FILE', 'NATS_KEY_FILE'] as const),
  'STATE_DIR',
] as const;
/** What a build could leave something in for the next one, or for the agent. */
const NOT_WRITTEN = ['STATE_DIR', 'CACHE_DIR'] as const;
const REACHED = ['BUILD_DIR', 'BUILD_TMPDIR'] as const;

/**
 * Holds what a build's user can reach against what it may. It is asked as that user: owners, modes,
 * lists and mounts together are what counts.
 *
 * @throws ConfigError which names the variable, and what to change
 */
export async function checkReach(config: Config, user: BuildUser): Promise<void> {
  const label = user.name ?? String(user.uid);
  const may = async (right: '-r' | '-w' | '-x', path: string): Promise<boolean> =>
    askAs(user, ['test', right, resolve(path)]);
  for (const name of SECRETS) {
    const path = config[name];
    if (path === undefined || !(await may('-r', path))) continue;
    throw new ConfigError(
      `${name} can be read by ${label}, who runs builds: give it to the agent's user alone, mode 0600, or 0700 for a folder`,
    );
  }
  for (const name of NOT_WRITTEN) {
    if (!(await may('-w', config[name]))) continue;
    throw new ConfigError(
      `${name} can be written to by ${label}, who runs builds: give it to the agent's user`,
    );
  }
  // A persistent home is the build's own where builds are warm, and else only looked at.
  if (config.BUILD_CACHE === 'cold' && (await may('-w', config.BUILD_HOME))) {
    throw new ConfigError(
      `BUILD_HOME can be written to by ${label}, who runs builds: with BUILD_CACHE=cold give it to the agent's user`,
    );
  }
  for (const name of REACHED) {
    if (await may('-x', config[name])) continue;
    throw new ConfigError(
      `${name} cannot be reached by ${label}, who runs builds: each folder above it needs the right x for others, such as mode 0711`,
    );
  }
}
