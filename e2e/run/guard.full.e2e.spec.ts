import { readFile, readdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { pretendCheckout } from './checkout.js';

/** Starts one child in a session of its own and one that no polite signal ends, then obeys. */
const DEMO = `
  import { spawn } from 'node:child_process';
  const nap = ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)', import.meta.dirname];
  spawn(process.execPath, nap, { detached: true, stdio: 'ignore' });
  spawn(process.execPath, nap, { stdio: 'ignore' });
  console.log('started');
  const [how] = process.argv.slice(2);
  if (how !== 'wait') process.exit(Number(how));
  setInterval(() => {}, 1000);`;

/** Command lines of all processes that name a directory. */
async function processesOf(directory: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(directory));
}

/** Starts a demo, out of reach of the signals to the tests' own group. */
async function start(how: string) {
  const root = await pretendCheckout(DEMO);
  const running = execa(join(root, 'run'), ['demo', how], {
    reject: false,
    detached: true,
    forceKillAfterDelay: false,
  });
  return { root, running };
}

describe('./run demo leaves nothing running', () => {
  test('when the demo ends, and ends with the same code', async () => {
    const both = [0, 3].map(async (code) => {
      const { root, running } = await start(`${code}`);
      const { exitCode, stdout } = await running;
      return { exitCode, stdout, left: await processesOf(root) };
    });
    expect(await Promise.all(both)).toEqual([
      { exitCode: 0, stdout: 'started', left: [] },
      { exitCode: 3, stdout: 'started', left: [] },
    ]);
  });

  test('when it is told to end, and ends with 130', async () => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const all = signals.map(async (signal) => {
      const { root, running } = await start('wait');
      await once(running.stdout, 'data');
      const before = await processesOf(root);
      running.kill(signal);
      return [before.length > 0, (await running).exitCode, await processesOf(root)];
    });
    expect(await Promise.all(all)).toEqual(signals.map(() => [true, 130, []]));
  });

  test('on Ctrl-C, which reaches the whole foreground group', async () => {
    const { root, running } = await start('wait');
    await once(running.stdout, 'data');
    process.kill(-(running.pid ?? 0), 'SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(await processesOf(root)).toEqual([]);
  });
});
