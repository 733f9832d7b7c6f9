import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { scratchDirectory } from '../agent.fixture.js';
import { endOrphans } from './orphans.js';
import { listProcesses } from './processes.js';

const GRACE_MS = 300;

let dir: string;
let tempDir: string;
beforeEach(async () => {
  dir = await scratchDirectory();
  tempDir = join(dir, 'repro-quorum-0123456789abcdef');
});

/** Starts a script as a build is started: in a session of its own, with its temp folder. */
function start(script: string, TMPDIR = tempDir): number {
  const env = { PATH: process.env['PATH'], TMPDIR };
  const options = { cwd: dir, env, detached: true, stdio: 'ignore' } as const;
  const { pid = 0 } = spawn('bash', ['-c', script], options);
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  });
  return pid;
}

/** Waits until a process has written its id to a file, and gives it. */
async function pidIn(name: string): Promise<number> {
  return vi.waitFor(
    async () => {
      const pid = Number(await readFile(join(dir, name), 'utf8'));
      expect(pid).toBeGreaterThan(0);
      return pid;
    },
    { timeout: 10_000, interval: 20 },
  );
}

async function running(...pids: readonly number[]): Promise<number[]> {
  const all = new Set((await listProcesses()).map(({ pid }) => pid));
  return pids.filter((pid) => all.has(pid));
}

describe('what an orphaned build left running is ended', () => {
  test('the script, its children, those without its environment, those in other sessions', async () => {
    const leader = start(`
      sleep 600 & echo $! > child
      env -i sleep 600 & echo $! > bare
      setsid bash -c 'echo $$ > apart; sleep 600; true' &
      env -i setsid sleep 600 & echo $! > bare-apart
      wait`);
    const pids = await Promise.all(['child', 'bare', 'apart', 'bare-apart'].map(pidIn));
    expect(await running(leader, ...pids)).toHaveLength(5);
    expect(await endOrphans(tempDir, GRACE_MS)).toBe(true);
    expect(await running(leader, ...pids)).toEqual([]);
  });

  test('though the script itself is gone', async () => {
    const leader = start('(sleep 600 & echo $! > child; env -i sleep 600 & echo $! > bare)');
    const pids = await Promise.all(['child', 'bare'].map(pidIn));
    await vi.waitFor(
      async () => {
        expect(await running(leader)).toEqual([]);
      },
      { timeout: 10_000, interval: 20 },
    );
    await endOrphans(tempDir, GRACE_MS);
    expect(await running(...pids)).toEqual([]);
  });

  test('politely first, so that a container engine can stop its container', async () => {
    const leader = start(`trap 'sleep 0.1; echo stopped > answer; exit' TERM
      echo $$ > ready; while :; do sleep 0.02; done`);
    await pidIn('ready');
    await endOrphans(tempDir, 10_000);
    expect(await readFile(join(dir, 'answer'), 'utf8')).toBe('stopped\n');
    expect(await running(leader)).toEqual([]);
  });

  test('by force when it does not listen', async () => {
    const leader = start(`trap '' TERM; echo $$ > ready; while :; do sleep 0.02; done`);
    await pidIn('ready');
    await endOrphans(tempDir, GRACE_MS);
    expect(await running(leader)).toEqual([]);
  });
});

describe('nobody else is touched', () => {
  test('neither another build, nor this process, nor who merely names the folder', async () => {
    const bystanders = [
      start('echo $$ > other; sleep 600; true', join(dir, 'repro-quorum-fedcba9876543210')),
      start('echo $$ > longer; sleep 600; true', `${tempDir}0`),
      start(`echo $$ > naming; sleep 600; : TMPDIR=${tempDir}`, '/tmp'),
    ];
    await Promise.all(['other', 'longer', 'naming'].map(pidIn));
    const orphan = start('echo $$ > ready; sleep 600; true');
    await pidIn('ready');
    expect(await endOrphans(tempDir, GRACE_MS)).toBe(true);
    expect(await running(orphan)).toEqual([]);
    expect(await running(...bystanders)).toEqual(bystanders);
  });

  test('when nothing is left there is nothing to do, and no time is spent', async () => {
    const startedAt = performance.now();
    expect(await endOrphans(tempDir)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
