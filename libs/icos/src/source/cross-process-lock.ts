import { once } from 'node:events';
import { quote } from '#libs/encoding';
import { execa } from 'execa';
import { IcosError, interrupted } from '../error.js';
import { SYSTEM_PATH } from '../build/system-path.js';

/**
 * Runs work while holding a lock file, across processes and across containers that share the file
 * system. The kernel holds the lock for a `flock` process whose input ends with ours, so a crash
 * releases it at once, and no stale lock has to be recognised.
 *
 * @throws IcosError INTERRUPTED while waiting; NOT_STARTED without `flock` (util-linux)
 */
export async function withLock<T>(
  lockFile: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const holder = execa('flock', ['--exclusive', '--no-fork', lockFile, 'cat'], {
    env: { PATH: SYSTEM_PATH },
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: { stdout: false },
    reject: false,
  });
  const giveUp = (): void => void holder.kill('SIGKILL');
  signal.addEventListener('abort', giveUp, { once: true });
  holder.stdin.on('error', () => undefined);
  try {
    // `cat` runs, and answers, only once the lock is held.
    holder.stdin.write('held\n');
    const isHeld = await Promise.race([
      once(holder.stdout, 'data').then(() => true),
      holder.then(() => false),
    ]);
    // From here on an abort ends the work first, and the lock after it.
    signal.removeEventListener('abort', giveUp);
    if (signal.aborted) throw interrupted(signal);
    if (!isHeld) {
      const { originalMessage, stderr } = await holder;
      throw new IcosError(
        'NOT_STARTED',
        `cannot lock ${quote(lockFile)} with flock: ${originalMessage ?? stderr}`,
      );
    }
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}
