import { realpath } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from '../config.js';
import type { PrivateWords } from './mask.js';

/** Collects what a text has to be rid of before it leaves this machine. */
export async function privateWords(config: Config): Promise<PrivateWords> {
  const { BUILD_DIR, BUILD_TMPDIR, BUILD_HOME, CACHE_DIR, STATE_DIR } = config;
  const keys = [config.KEY_FILE, config.WITNESS_KEY_FILE ?? '', config.KEY_PASSPHRASE_FILE ?? ''];
  const { username, homedir } = readUser();
  const paths = [BUILD_DIR, BUILD_TMPDIR, BUILD_HOME, CACHE_DIR, STATE_DIR, ...keys, homedir];
  const absolute = paths.filter((path) => path !== '').map((path) => resolve(path));
  // Programs tell where they are by the path without links.
  const real = await Promise.all(absolute.map(async (path) => realpath(path).catch(() => path)));
  return {
    hostname: hostname(),
    user: username,
    buildUsers: config.BUILD_USER,
    paths: [...new Set([...absolute, ...real])],
  };
}

function readUser(): { username: string; homedir: string } {
  try {
    return userInfo();
  } catch {
    // A user id without an entry, as in many containers: there is no name to hide.
    return { username: '', homedir: '' };
  }
}
