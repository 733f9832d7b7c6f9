import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { MachineFacts } from '#libs/fingerprint';
import { StageFailure } from '../build/stage-failure.js';
import type { Config } from '../config.js';

/**
 * Refuses to start a build that cannot end well on this machine: hours later it would only say so.
 *
 * @throws StageFailure missing-tool, permission
 */
export async function preflight(config: Config, machine: MachineFacts): Promise<void> {
  if (machine['git.version'] === 'none') {
    throw new StageFailure(
      'preflight',
      'missing-tool',
      'git is not installed: apt-get install git',
    );
  }
  for (const [name, path] of [
    ['BUILD_DIR', config.BUILD_DIR],
    ['BUILD_TMPDIR', config.BUILD_TMPDIR],
    ['CACHE_DIR', config.CACHE_DIR],
  ] as const) {
    try {
      await mkdir(path, { recursive: true });
      await access(path, constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw new StageFailure('preflight', 'permission', `${name} is not writable by the agent`, {
        cause,
      });
    }
  }
}
