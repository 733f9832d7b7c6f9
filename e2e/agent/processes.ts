import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';

/** Waits for a note that a build script leaves, and gives its words. */
export async function note(home: string, name: string): Promise<readonly string[]> {
  return vi.waitUntil(
    async () => {
      const text = await readFile(join(home, name), 'utf8').catch(() => '');
      // Without its last line break it is still being written.
      return text.endsWith('\n') && text.trim().split(/\s+/);
    },
    { timeout: 30_000, interval: 20 },
  );
}

/** Tells which of these processes run. One that has ended and was not yet waited for does not. */
export async function running(pids: readonly string[]): Promise<string[]> {
  const states = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return /^State:\s+(\w)/m.exec(status)?.[1] ?? 'gone';
    }),
  );
  return pids.filter((_, at) => !['gone', 'Z', 'X'].includes(states[at] ?? 'gone'));
}

/** Ends what a failed test left running. */
export async function end(pids: readonly string[]): Promise<void> {
  for (const pid of await running(pids)) process.kill(Number(pid), 'SIGKILL');
}
