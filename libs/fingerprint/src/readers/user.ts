import { readlink } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import process from 'node:process';
import { attempt, tried } from '../attempt.js';
import type { MachineFacts } from '../facts.js';
import { localeOf } from '../parsers/locale.js';
import { timeZoneOf } from '../parsers/time-zone.js';
import type { Looking } from '../request.js';
import { readText } from './file.js';

type UserFacts = Pick<
  MachineFacts,
  | Extract<keyof MachineFacts, `${'user' | 'locale'}.${string}`>
  | 'machine.hostname'
  | 'build.path'
  | 'time.zone'
  | 'node.version'
>;

/** Reads who builds, where, and with which settings. */
export async function readUser(looking: Looking): Promise<UserFacts> {
  const { env, home, buildDir, umask, timeoutMs } = looking;
  const [link, file] = await Promise.all([
    attempt(timeoutMs, () => readlink('/etc/localtime')),
    readText('/etc/timezone', timeoutMs),
  ]);
  const locale = localeOf(env);
  return {
    'machine.hostname': tried(hostname),
    'user.uid': process.getuid?.() ?? null,
    'user.umask': umask.toString(8).padStart(4, '0'),
    // Throws for a user id without an entry, as in many containers.
    'user.name': tried(() => userInfo().username),
    'user.home': home,
    'build.path': buildDir,
    'locale.lang': locale.lang,
    'locale.lc-all': locale.lcAll,
    'locale.collation': locale.collation,
    'locale.characters': locale.characters,
    'time.zone': timeZoneOf({ tz: env['TZ'] ?? null, link, file }),
    'node.version': process.version,
  };
}
