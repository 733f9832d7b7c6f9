import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isOf, type BuildUser } from './build-user.js';
import { askAs } from './run-as.js';

/** A process of a user, as far as it counts. */
export interface OwnedProcess {
  readonly pid: number;
  readonly threads: number;
  readonly residentBytes: number;
}

const POLL_MS = 50;
const MAX_KILL_ROUNDS = 100;

/**
 * Lists what runs as a build's user or as a user of its containers, zombies left out. By any of a
 * process's ids: one that changed some of them is still the user's.
 * Source: proc_pid_status(5)
 */
export async function listOwned(user: BuildUser): Promise<readonly OwnedProcess[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^[1-9][0-9]*$/.test(entry));
  return measure(pids.map(Number), (ids) => ids.some((id) => isOf(user, id)));
}

/** Reads what these processes take up; those that are gone are left out. */
export async function measureProcesses(pids: readonly number[]): Promise<readonly OwnedProcess[]> {
  return measure(pids, () => true);
}

async function measure(
  pids: readonly number[],
  isMeant: (ids: readonly number[]) => boolean,
): Promise<readonly OwnedProcess[]> {
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Not the folder's owner, which is root for a process that may not be dumped.
      const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
      // The name comes first; line breaks in it are written as escapes.
      const ids = /^Uid:\t(.*)$/m.exec(status)?.[1]?.split('\t').map(Number) ?? [];
      if (ids.length === 0 || !isMeant(ids) || /^State:\t[ZX]/m.test(status)) return null;
      const number = (name: string): number =>
        Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      return { pid, threads: number('Threads'), residentBytes: number('VmRSS') * 1024 };
    }),
  );
  return found.filter((one) => one !== null);
}

/**
 * Ends everything that runs as a build's user: whatever left its session, its parent and its group
 * has not left its user. Nobody else's process may run as it.
 *
 * @returns whether nothing of it is left
 */
export async function endOwned(user: BuildUser): Promise<boolean> {
  for (let round = 0; round < MAX_KILL_ROUNDS; round += 1) {
    if ((await listOwned(user)).length === 0) return true;
    // All at once, by the kernel: one after the other, a fork bomb is always a child ahead.
    await askAs(user, ['/bin/sh', '-c', 'kill -s KILL -1']);
    for (const { pid } of await listOwned(user)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    await delay(POLL_MS);
  }
  return false;
}
