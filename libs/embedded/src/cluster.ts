import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedError, isMissing } from './error.js';
import { startGuarded } from './guarded-process.js';
import type { Launch } from './launch.js';
import type { NativeBuild } from './native.js';
import { logSize, logTail, prepareLog } from './server-log.js';

/** The cluster's folder in the data directory. */
export const CLUSTER = 'cluster';

/** The database superuser of every cluster of this lib. */
export const SUPERUSER = 'postgres';

const UNFINISHED = `${CLUSTER}.new`;

/**
 * Sorting and case by code point, the same on every machine: a locale of the operating system gives
 * another order, and another index, after an upgrade of it.
 */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin'];

/** Tells whether a data directory has its cluster yet. */
export async function hasCluster(dataDir: string): Promise<boolean> {
  try {
    return (await stat(join(dataDir, CLUSTER))).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Makes the cluster of a locked data directory. It gets its name by one rename when it is whole, so
 * a start that was killed here leaves nothing that the next one would take for a database.
 *
 * @throws EmbeddedError INIT_FAILED
 */
export async function makeCluster(what: Launch): Promise<void> {
  const { build, identity, home, lock, isDurable } = what;
  const logFile = await prepareLog(home.path);
  const logStart = await logSize(logFile);
  const initdb = await startGuarded({
    program: join(build.directory, 'bin', 'initdb'),
    args: [
      ...['--pgdata', join(home.serverPath, UNFINISHED), '--username', SUPERUSER],
      ...['--auth', 'scram-sha-256', '--pwfile', join(home.serverPath, 'password')],
      ...[...LOCALE, '--builtin-locale=C.UTF-8', '--no-instructions'],
      ...(isDurable ? [] : ['--no-sync']),
    ],
    identity,
    deathSignal: 'KILL',
    logFile,
    descriptors: [...home.descriptors, lock.descriptor],
  });
  const { exitCode } = await initdb.exited;
  if (exitCode !== 0) {
    throw new EmbeddedError(
      'INIT_FAILED',
      `no database could be made in ${JSON.stringify(home.path)}: ${await logTail(logFile, logStart)}`,
    );
  }
  await rename(join(home.path, UNFINISHED), join(home.path, CLUSTER));
}

/**
 * Refuses a cluster of another major version, which this build cannot read.
 *
 * @throws EmbeddedError BAD_DATA_DIR
 */
export async function checkClusterVersion(dataDir: string, build: NativeBuild): Promise<void> {
  const found = (await readFile(join(dataDir, CLUSTER, 'PG_VERSION'), 'utf8')).trim();
  const wanted = build.version.split('.')[0];
  if (found === wanted) return;
  throw new EmbeddedError(
    'BAD_DATA_DIR',
    `the database in ${JSON.stringify(dataDir)} is of postgresql ${JSON.stringify(found)}, not ${wanted ?? '?'}: move it away, or dump it with that version and load it here`,
  );
}

/** Removes what a killed first start left. */
export async function removeUnfinished(dataDir: string): Promise<void> {
  await rm(join(dataDir, UNFINISHED), { recursive: true, force: true });
}
