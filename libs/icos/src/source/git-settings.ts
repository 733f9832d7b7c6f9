import { dirname } from 'node:path';
import { gitEgress } from '../egress/egress.js';
import { SYSTEM_PATH } from '../build/system-path.js';

/** Transports that a source may come by; `ext`, `ssh` and `git` are never among them. */
export type GitProtocol = 'https' | 'http' | 'file';

/**
 * Settings that hold whatever a repository says: no program of its choosing runs (hooks, monitors,
 * filters by helpers, `ext::`), objects are checked as they arrive, and nothing is tidied away
 * under another process.
 */
const SETTINGS = [
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.attributesFile=/dev/null'],
  ...['credential.helper=', 'core.askPass=', 'core.autocrlf=false'],
  ...['protocol.allow=never', 'protocol.ext.allow=never'],
  ...['fetch.fsckObjects=true', 'transfer.fsckObjects=true', 'fetch.recurseSubmodules=false'],
  // Slips of old programs that harm nobody, in histories that nobody will write anew.
  ...['zeroPaddedFilemode', 'badTimezone', 'missingSpaceBeforeDate'].map(
    (slip) => `fetch.fsck.${slip}=ignore`,
  ),
  ...['submodule.recurse=false', 'gc.auto=0', 'maintenance.auto=false'],
  ...['http.lowSpeedLimit=1', 'http.lowSpeedTime=120'],
  // Packs alone, which can be copied and proven whole. Never synced: what a power cut leaves of a
  // cache is found out at its next use, and no worktree outlives its build.
  ...['fetch.unpackLimit=1', 'core.fsync=none', 'checkout.workers=0'],
];

/**
 * The environment of git: nobody's configuration, no prompts, no replacement objects, nothing
 * fetched behind our back, and messages in the one language that this lib reads.
 */
const ENVIRONMENT = {
  PATH: SYSTEM_PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
};

/** Gives git's command line with the settings above, and these transports allowed. */
export function gitCommand(
  args: readonly string[],
  protocols: readonly GitProtocol[] = [],
): [string, ...string[]] {
  const allowed = protocols.map((name) => `protocol.${name}.allow=always`);
  return ['git', ...[...SETTINGS, ...allowed].flatMap((item) => ['-c', item]), ...args];
}

/**
 * Gives the whole environment of git in a folder. With `isBare` the folder itself is the
 * repository, and a `.git` that somebody put into it is not.
 */
export function gitEnvironment(cwd: string, isBare: boolean): Record<string, string> {
  // No repository is looked for further up: it would be somebody else's.
  return {
    ...ENVIRONMENT,
    ...gitEgress(),
    ...(isBare ? { GIT_DIR: cwd } : { GIT_CEILING_DIRECTORIES: dirname(cwd) }),
  };
}
