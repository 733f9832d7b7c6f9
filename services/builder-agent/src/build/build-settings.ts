import { buildEnvironment } from '#libs/icos';
import type { Config } from '../config.js';

/**
 * Gives the whole environment of a build, from the agent's configuration and its own environment.
 * Facts are read from it too: what the agent has and the build has not would explain nothing.
 */
export function buildSettings(
  config: Config,
  base: Readonly<NodeJS.ProcessEnv>,
  tempDir: string = config.BUILD_TMPDIR,
  home: string = config.BUILD_HOME,
): Readonly<Record<string, string>> {
  const { LANG, TZ } = base;
  return buildEnvironment(base, {
    home,
    tmpDir: tempDir,
    ...(LANG !== undefined && { lang: LANG }),
    ...(TZ !== undefined && { timezone: TZ }),
  });
}
