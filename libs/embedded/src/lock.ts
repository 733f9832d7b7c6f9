import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { programDirectories, serverEnvironment } from './environment.js';
import { EmbeddedError } from './error.js';
import { claim, livingOwner } from './owner.js';
import { findProgram } from './program.js';

/** How long a server whose parent was killed may take to end. */
const ORPHAN_TIMEOUT_MS = 10_000;
const TRY_SECONDS = '0.2';

const LOCK_FILE = 'lock';

/** A data directory that is nobody else's, until the last process that got the descriptor ends. */
export interface DirectoryLock {
  /** To be handed on to the server: its processes then hold the lock, orphans included. */
  readonly descriptor: number;
  /** Closes this process's own copy of the descriptor. */
  close(): Promise<void>;
}

/**
 * Locks a data directory for a server. One whose parent was killed is about to end and is waited
 * for; one whose parent lives is not.
 *
 * The lock is the kernel's (flock(2)), as a note in a file would outlive a crash or, taken for stale,
 * be removed under a server that has just started. Node cannot ask for it, but a lock belongs to the
 * open file, which a helper shares.
 *
 * @throws EmbeddedError ALREADY_RUNNING, NOT_INSTALLED
 */
export async function lockDirectory(dataDir: string): Promise<DirectoryLock> {
  const flock = await findProgram('flock', programDirectories());
  if (flock === undefined) {
    throw new EmbeddedError(
      'NOT_INSTALLED',
      'flock is not installed: run "apt-get install util-linux"',
    );
  }
  const file = await open(
    join(dataDir, LOCK_FILE),
    constants.O_CREAT | constants.O_RDWR | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await acquire(flock, file.fd, dataDir);
    await claim(dataDir);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { descriptor: file.fd, close: () => file.close() };
}

async function acquire(flock: string, descriptor: number, dataDir: string): Promise<void> {
  const deadline = performance.now() + ORPHAN_TIMEOUT_MS;
  while (!(await tryLock(flock, descriptor))) {
    const owner = await livingOwner(dataDir);
    if (owner === undefined && performance.now() < deadline) continue;
    throw new EmbeddedError(
      'ALREADY_RUNNING',
      `a server already runs on ${JSON.stringify(dataDir)}${owner === undefined ? '' : `, started by process ${owner}`}: stop it, or name another directory`,
    );
  }
}

async function tryLock(flock: string, descriptor: number): Promise<boolean> {
  const helper = spawn(flock, ['--timeout', TRY_SECONDS, '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    env: serverEnvironment(),
  });
  const [exitCode] = (await once(helper, 'exit')) as [number | null];
  return exitCode === 0;
}
