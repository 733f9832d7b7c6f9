import { join } from 'node:path';
import { CLUSTER } from './cluster.js';
import type { DataHome } from './data-home.js';
import { EmbeddedError } from './error.js';
import { freePort } from './free-port.js';
import { startGuarded } from './guarded-process.js';
import type { GuardedProcess, StopStep } from './guarded-process.js';
import type { Identity } from './identity.js';
import type { DirectoryLock } from './lock.js';
import type { NativeBuild } from './native.js';
import { pollUntil } from './poll.js';
import { readPostmasterFile } from './postmaster.js';
import { logSize, logTail, prepareLog } from './server-log.js';

/** Crash recovery of a large database takes its time. */
const READY_TIMEOUT_MS = 120_000;
const PORT_ATTEMPTS = 5;

/**
 * Ends the server: fast shutdown, then immediate, then by force.
 *
 * Source: PostgreSQL 18 documentation, section 18.5
 */
export const STOP: readonly StopStep[] = [
  { signal: 'SIGINT', graceMs: 20_000 },
  { signal: 'SIGQUIT', graceMs: 6_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

/** What is started, for whom, and where. */
export interface Launch {
  readonly build: NativeBuild;
  readonly identity: Identity | undefined;
  readonly home: DataHome;
  readonly lock: DirectoryLock;
  readonly isDurable: boolean;
}

/**
 * Starts the server of a vacant cluster and waits until it takes connections.
 *
 * @throws EmbeddedError START_FAILED with the end of the server's log
 */
export async function launch(
  what: Launch,
  fixedPort: number | undefined,
): Promise<{ server: GuardedProcess; port: number }> {
  const { build, identity, home, lock, isDurable } = what;
  const logFile = await prepareLog(home.path);
  for (let attempt = 1; ; attempt++) {
    const port = fixedPort ?? (await freePort());
    const logStart = await logSize(logFile);
    const server = await startGuarded({
      program: join(build.directory, 'bin', 'postgres'),
      args: ['-D', join(home.serverPath, CLUSTER), ...settings(port, isDurable)],
      identity,
      deathSignal: 'QUIT',
      logFile,
      descriptors: [...home.descriptors, lock.descriptor],
    });
    if (await becomesReady(server, join(home.path, CLUSTER))) return { server, port };
    await server.stop(STOP);
    const said = await logTail(logFile, logStart);
    // Between the look for a free port and the server's own bind, anybody may have taken it.
    const isPortTaken = said.includes('Address already in use');
    if (isPortTaken && fixedPort === undefined && attempt < PORT_ATTEMPTS) continue;
    throw new EmbeddedError(
      'START_FAILED',
      isPortTaken
        ? `port ${port} on 127.0.0.1 is taken: name another one, or stop what listens there`
        : `postgresql did not start; the end of ${JSON.stringify(logFile)}: ${said}`,
    );
  }
}

function settings(port: number, isDurable: boolean): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    // A socket in a shared directory would be one more door, and one more file to leave behind.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // Commits still reach the kernel, so they survive the death of every process but the kernel.
    ...(isDurable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function becomesReady(server: GuardedProcess, cluster: string): Promise<boolean> {
  let isReady = false;
  await pollUntil(READY_TIMEOUT_MS, async () => {
    const said = await readPostmasterFile(cluster);
    isReady = said?.pid === server.pid && said.isReady;
    return isReady || server.hasEnded();
  });
  return isReady;
}
