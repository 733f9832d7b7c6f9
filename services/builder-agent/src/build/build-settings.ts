import { statSync } from 'node:fs';
import { buildEnvironment, type BuildUser } from '#libs/icos';
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
  user: Pick<BuildUser, 'name' | 'uid'> | null = null,
): Readonly<Record<string, string>> {
  const { LANG, TZ } = base;
  return buildEnvironment(user === null ? base : { ...base, ...settingsOf(user) }, {
    home,
    tmpDir: tempDir,
    ...(LANG !== undefined && { lang: LANG }),
    ...(TZ !== undefined && { timezone: TZ }),
  });
}

/** What an environment says of whose it is; the agent's own buses and folders are not the build's. */
function settingsOf({ name, uid }: Pick<BuildUser, 'name' | 'uid'>): NodeJS.ProcessEnv {
  const runtime = `/run/user/${uid}`;
  const isThere = statSync(runtime, { throwIfNoEntry: false })?.uid === uid;
  return {
    USER: name ?? undefined,
    LOGNAME: name ?? undefined,
    XDG_RUNTIME_DIR: isThere ? runtime : undefined,
    DBUS_SESSION_BUS_ADDRESS: undefined,
  };
}
