import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { quote } from '#libs/encoding';
import { SYSTEM_PATH } from '../build/system-path.js';
import { IcosError, interrupted } from '../error.js';

/** Many hold a lock shared, or one holds it exclusively. */
export type LockMode = 'shared' | 'exclusive';

/** A lock that is held. */
export interface FileLock {
  /** Gives it back; once only. */
  release(): void;
}

/** What `flock` is told to exit with when another holds the lock: EX_TEMPFAIL of sysexits.h. */
const HELD_BY_ANOTHER = 75;
const NOBODY = new AbortController().signal;

/**
 * Waits for a lock on a file, across processes and across containers that share the file system;
 * the file is made when absent, its content is nobody's concern.
 *
 * `flock` locks the open file that it inherits, which is ours: the lock stays when `flock` ends,
 * and the kernel drops it with our last descriptor. So a crash releases it at once, no stale lock
 * has to be recognised, and there is no other process whose end would end the lock.
 *
 * @throws IcosError INTERRUPTED while waiting; NOT_STARTED without `flock` (util-linux), or where
 * the file cannot be opened
 */
export async function acquireLock(
  lockFile: string,
  mode: LockMode,
  signal: AbortSignal = NOBODY,
): Promise<FileLock> {
  const lock = await lockOpenFile(lockFile, [`--${mode}`], signal);
  if (lock === null)
    throw new IcosError('NOT_STARTED', `flock does not wait for ${quote(lockFile)}`);
  return lock;
}

/**
 * Takes a lock if nobody is in the way; null otherwise. As {@link acquireLock} in all else.
 *
 * @throws IcosError as {@link acquireLock}
 */
export async function tryLock(
  lockFile: string,
  mode: LockMode,
  signal: AbortSignal = NOBODY,
): Promise<FileLock | null> {
  const atOnce = ['--nonblock', '--conflict-exit-code', String(HELD_BY_ANOTHER)];
  return lockOpenFile(lockFile, [`--${mode}`, ...atOnce], signal);
}

/**
 * Runs work while holding a lock exclusively.
 *
 * @throws IcosError as {@link acquireLock}; what the work throws
 */
export async function withLock<T>(
  lockFile: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await acquireLock(lockFile, 'exclusive', signal);
  try {
    // From here on an abort ends the work first, and the lock after it.
    return await work();
  } finally {
    lock.release();
  }
}

async function lockOpenFile(
  lockFile: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<FileLock | null> {
  const descriptor = openLockFile(lockFile);
  let isHeld = false;
  try {
    const exitCode = await flock(args, descriptor, signal);
    if (signal.aborted) throw interrupted(signal);
    if (exitCode === HELD_BY_ANOTHER) return null;
    if (exitCode !== 0) throw new Error(`it ended with ${exitCode ?? 'a signal'}`);
    isHeld = true;
  } catch (cause) {
    throw cause instanceof IcosError ? cause : notLocked(lockFile, cause);
  } finally {
    if (!isHeld) closeSync(descriptor);
  }
  return {
    release: () => {
      closeSync(descriptor);
    },
  };
}

async function flock(
  args: readonly string[],
  descriptor: number,
  signal: AbortSignal,
): Promise<number | null> {
  // `execa`, which runs all else here, cannot hand on a descriptor.
  const child = spawn('flock', [...args, '0'], {
    stdio: [descriptor, 'ignore', 'ignore'],
    env: { PATH: SYSTEM_PATH },
    // An interrupt from the terminal goes to its whole group; when to give up is for the signal.
    detached: true,
  });
  const giveUp = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
    });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/**
 * A number, not a handle: one that is forgotten is never closed behind our back, and its lock with
 * it. Open for both, as network file systems want it for either mode.
 */
function openLockFile(lockFile: string): number {
  try {
    return openSync(lockFile, 'a+');
  } catch (cause) {
    throw notLocked(lockFile, cause);
  }
}

function notLocked(lockFile: string, cause: unknown): IcosError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const text = `cannot lock ${quote(lockFile)} with flock of util-linux: ${why}`;
  return new IcosError('NOT_STARTED', text, { cause });
}
