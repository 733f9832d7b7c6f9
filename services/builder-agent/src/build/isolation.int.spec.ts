import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, test } from 'vitest';
import { findBuildUser, unblockMetadata } from '#libs/icos';
import { ConfigError } from '#libs/platform';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import { Isolation } from './isolation.js';

const isRoot = process.getuid?.() === 0;
/** An id that nobody has, and no other process of specs takes. */
const UID = String(2_500_000 + process.pid);

let dir = '';
beforeEach(async () => {
  dir = await scratchDirectory();
  await chmod(dir, 0o711);
  for (const name of ['cache', 'home']) await mkdir(join(dir, name));
  await writeFile(join(dir, 'key.pem'), 'a key', { mode: 0o600 });
});

function isolation(more: Readonly<Record<string, string>> = {}): Isolation {
  const own = { BUILD_TMPDIR: join(dir, 'tmp'), BUILD_USER: UID };
  return new Isolation(configBelow(dir, { ...own, ...more }));
}

/** Does something while this process can open no file more. */
async function withoutFiles<T>(work: () => Promise<T>): Promise<T> {
  const limit = (...args: readonly string[]): Promise<{ readonly stdout: string }> =>
    execa('prlimit', ['--pid', String(process.pid), ...args]);
  const { stdout: before } = await limit('--nofile', '--raw', '--noheadings', '--output=SOFT');
  const open = await readdir('/proc/self/fd');
  await limit(`--nofile=${Math.max(...open.map(Number)) + 32}:`);
  const held: number[] = [];
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {
    // As many as there may be.
  }
  try {
    return await work();
  } finally {
    for (const file of held) closeSync(file);
    await limit(`--nofile=${before.trim()}:`);
  }
}

async function complaint(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const error: unknown = await isolation(more)
    .prepare()
    .catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ConfigError);
  return error instanceof ConfigError ? error.message : '';
}

describe.skipIf(!isRoot)('an agent that is root', () => {
  test('has builds run as somebody else, one at a time for each of them', async () => {
    const own = isolation();
    const first = await own.take();
    expect(first).toMatchObject({ user: { uid: Number(UID) }, rootWay: null });
    expect(first.limits).toMatchObject({ wallClockMs: 172_800_000, processes: 16_384 });
    expect(first.limits.memoryBytes).toBeGreaterThan(0);
    const events: string[] = [];
    const second = own.take().then((lease) => {
      events.push('taken');
      return lease;
    });
    events.push('given back');
    await first.release();
    await (await second).release();
    expect(events).toEqual(['given back', 'taken']);
    expect((await stat(join(dir, 'state'))).mode & 0o777).toBe(0o700);
    await unblockMetadata((await findBuildUser(UID))!);
  });

  test('gives a user to the next build, though nobody could look what still runs as it', async () => {
    const own = isolation();
    const first = await own.take();
    for (const step of [() => first.release(), () => own.take()]) {
      const error = await withoutFiles(() => step().catch((cause: unknown) => cause));
      expect(error).toMatchObject({ code: 'EMFILE' });
    }
    const second = await own.take();
    expect(second.user).toEqual(first.user);
    await second.release();
    await unblockMetadata((await findBuildUser(UID))!);
  });

  test('refuses to start where who builds can read a key', async () => {
    await chmod(join(dir, 'key.pem'), 0o644);
    expect(await complaint()).toMatch(/^KEY_FILE can be read by \d+, who runs builds: give it/);
  });

  test('refuses to start where who builds can write to what later builds start from', async () => {
    await chmod(join(dir, 'cache'), 0o777);
    expect(await complaint()).toMatch(/^CACHE_DIR can be written to/);
    await chmod(join(dir, 'cache'), 0o755);
    await chmod(join(dir, 'home'), 0o777);
    expect(await complaint()).toMatch(/^BUILD_HOME can be written to/);
  });

  test('refuses to start where who builds cannot get to the folders of builds', async () => {
    await chmod(dir, 0o700);
    expect(await complaint()).toMatch(/^BUILD_DIR cannot be reached by \d+/);
  });

  test('refuses a user who is root, and a disk without its size', async () => {
    expect(await complaint({ BUILD_USER: 'root' })).toMatch(/it is root/);
    expect(await complaint({ BUILD_DISK: 'loop' })).toMatch(/^BUILD_DISK is not usable/);
  });

  test('builds as itself, within limits, where there is no such user, or none is wanted', async () => {
    for (const name of ['no-such-user-here', 'none']) {
      const lease = await isolation({ BUILD_USER: name }).take();
      const { user, limits } = lease;
      expect([user, limits.memoryBytes, limits.outputBytes]).toEqual([null, undefined, 1024 ** 3]);
      await lease.release();
    }
  });
});
