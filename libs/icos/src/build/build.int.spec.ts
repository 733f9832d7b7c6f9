import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BuildEnd, buildEnvironment, classifyFailure, runBuild } from '../index.js';
import { listProcesses } from './process-table.js';
import type { BuildRequest } from '../index.js';

let dir = '';
const at = (name: string) => join(dir, name);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'build-'));
});
afterEach(async () => rm(dir, { recursive: true, force: true }));

/** Runs a script as a commit's own build script would be: a file of the worktree. */
async function build(script: string, more: Partial<BuildRequest> = {}): Promise<BuildEnd> {
  await writeFile(at('build.sh'), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  return runBuild({
    worktree: dir,
    command: ['./build.sh', '--icos'],
    env: buildEnvironment({}, { home: dir, tmpDir: dir }),
    logPath: at('build.log'),
    graceMs: 300,
    ...more,
  });
}

const appears = async (name: string) =>
  vi.waitFor(async () => stat(at(name)), { timeout: 10_000, interval: 20 });

/** Whether a process that wrote its id to this file still runs. */
async function isRunning(name: string): Promise<boolean> {
  const pid = Number(await readFile(at(name), 'utf8'));
  return (await listProcesses()).some((one) => one.pid === pid);
}

describe('a build', () => {
  test('runs in its worktree, with its own environment, without input', async () => {
    const end = await build(
      'pwd; echo "args $*"; env | sort; cat; echo "to stderr" >&2; echo done > result',
    );
    expect(end).toMatchObject({ exitCode: 0, signal: null, idle: false, interrupted: false });
    expect(await readFile(at('result'), 'utf8')).toBe('done\n');
    const lines = end.logTail.split('\n');
    expect(lines).toEqual(expect.arrayContaining([dir, 'args --icos', 'to stderr']));
    const names = lines.flatMap((line) => /^([A-Za-z_]+)=/.exec(line)?.[1] ?? []);
    const shells = new Set(['PWD', 'OLDPWD', 'SHLVL', '_']);
    expect(names.filter((name) => !shells.has(name))).toEqual(['HOME', 'LANG', 'PATH', 'TMPDIR']);
    expect(end.durationMs).toBeGreaterThan(0);
  });

  test('that fails is a value with its exit code and last words', async () => {
    const end = await build('echo "error: mismatched types" >&2; exit 3');
    expect(end).toMatchObject({ exitCode: 3, signal: null, idle: false });
    expect(end.logTail).toContain('mismatched types');
    expect(classifyFailure({ stage: 'build', ...end })).toBe('build-error');
  });

  test('that is ended by the kernel shows the signal', async () => {
    const end = await build('kill -KILL $$');
    expect(end).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(classifyFailure({ stage: 'build', ...end })).toBe('out-of-memory');
  });

  test('on a full disk is classed as such', async () => {
    const end = await build('echo image > /dev/full');
    expect(classifyFailure({ stage: 'build', ...end })).toBe('out-of-space');
  });

  test('without its script, or with one that cannot be run, does not start', async () => {
    const command = ['./absent.sh'] as const;
    await expect(build('', { command })).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_STARTED' }),
    );
    await writeFile(at('plain.sh'), '#!/bin/sh\n', { mode: 0o644 });
    const error: unknown = await build('', { command: ['./plain.sh'] }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'NOT_STARTED' });
    expect(classifyFailure({ stage: 'build', error })).toBe('permission');
  });

  test('passes no argument through a shell', async () => {
    const hostile = '$(touch pwned); `touch pwned` > pwned';
    const end = await build('printf "%s" "$1"', { command: ['./build.sh', hostile] });
    expect(end.logTail).toBe(hostile);
    await expect(stat(at('pwned'))).rejects.toThrow();
  });
});

describe('the log', () => {
  test('holds both outputs and counts their bytes', async () => {
    const seen: number[] = [];
    await build('echo one; echo two >&2', { onOutput: (bytes) => seen.push(bytes) });
    const log = await readFile(at('build.log'), 'utf8');
    expect(log.split('\n').sort()).toEqual(['', 'one', 'two']);
    expect(seen.at(-1)).toBe(8);
    expect((await stat(at('build.log'))).mode & 0o777).toBe(0o600);
  });

  test('is cut at its limit with a marker, and the last words are kept all the same', async () => {
    const end = await build('for i in {1..5000}; do echo "line $i"; done; echo the end', {
      maxLogBytes: 1000,
    });
    const log = await readFile(at('build.log'), 'utf8');
    expect(log).toMatch(/\n\[log cut here: it is longer than 1000 bytes\]\n$/);
    expect(log.length).toBeLessThan(1100);
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.logTail).toMatch(/the end\n$/);
  });

  test('on a full disk ends neither this process nor the build', async () => {
    await rm(at('build.log'), { force: true });
    const end = await build('echo hello; echo $((6 * 7)) > result; sleep 0.1; false', {
      logPath: '/dev/full',
    });
    expect(await readFile(at('result'), 'utf8')).toBe('42\n');
    expect(classifyFailure({ stage: 'build', ...end })).toBe('out-of-space');
  });
});

describe('a build that makes no progress', () => {
  test('is ended, and says so', async () => {
    const end = await build('echo begun; sleep 60', { idleTimeoutMs: 400 });
    expect(end).toMatchObject({ idle: true, interrupted: false });
    expect(classifyFailure({ stage: 'build', ...end })).toBe('timeout');
    expect(end.durationMs).toBeLessThan(10_000);
  });

  test.each([
    ['output', 'echo x'],
    ['files in its worktree', 'mkdir -p deep/er; echo x >> deep/er/file'],
  ])('is told from one that makes it slowly, by %s', async (_, step) => {
    const script = `for i in {1..12}; do ${step}; sleep 0.1; done`;
    expect(await build(script, { idleTimeoutMs: 600 })).toMatchObject({ exitCode: 0, idle: false });
  });
});

describe('a build that is stopped leaves nothing running:', () => {
  const FAMILY: [string, string][] = [
    ['a child', '(echo $BASHPID > pid; exec sleep 60) &'],
    ['a child that ignores SIGTERM', "(trap '' TERM; echo $BASHPID > pid; sleep 60; sleep 60) &"],
    ['a child in a group of its own', 'set -m; (echo $BASHPID > pid; exec sleep 60) &'],
    ['a child in a session of its own', "setsid sh -c 'echo $$ > pid; exec sleep 60' &"],
  ];

  test.each(FAMILY)('%s', async (_, script) => {
    const stop = new AbortController();
    const building = build(`${script}\nwait; sleep 60`, { signal: stop.signal });
    await appears('pid');
    stop.abort();
    expect(await building).toMatchObject({ interrupted: true, idle: false });
    expect(await isRunning('pid')).toBe(false);
  });

  test('nor does one that ends by itself and left a child behind', async () => {
    const end = await build(
      '(echo $BASHPID > pid; exec sleep 60) & while [ ! -s pid ]; do :; done',
    );
    expect(end).toMatchObject({ exitCode: 0, interrupted: false });
    expect(await isRunning('pid')).toBe(false);
  });

  test('and one that takes its time gets it', async () => {
    const stop = new AbortController();
    const script =
      "trap 'sleep 0.3; echo tidied > tidied; exit 1' TERM; echo x > pid; while :; do sleep 0.05; done";
    const building = build(script, { signal: stop.signal, graceMs: 10_000 });
    await appears('pid');
    stop.abort();
    expect(await building).toMatchObject({ interrupted: true, exitCode: 1 });
    expect(await readFile(at('tidied'), 'utf8')).toBe('tidied\n');
  });

  test('even when it was stopped before it began', async () => {
    const end = await build('sleep 60', { signal: AbortSignal.abort() });
    expect(end).toMatchObject({ interrupted: true, exitCode: null });
    expect(end.durationMs).toBeLessThan(10_000);
  });
});
