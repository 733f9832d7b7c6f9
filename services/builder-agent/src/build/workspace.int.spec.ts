import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import type { Config } from '../config.js';
import { createWorkspace, removeLeftovers } from './workspace.js';

const ROUND = 'a'.repeat(64);

let dir: string;
let jobFolder: string;
let config: Config;
beforeEach(async () => {
  dir = await scratchDirectory();
  jobFolder = join(dir, 'state/jobs', ROUND);
  config = configBelow(dir, { BUILD_TMPDIR: join(dir, 'tmp') });
  await mkdir(jobFolder, { recursive: true });
  await mkdir(config.BUILD_TMPDIR);
});

const create = (): ReturnType<typeof createWorkspace> => createWorkspace(config, ROUND, jobFolder);
const inTemp = (): Promise<string[]> => readdir(config.BUILD_TMPDIR);

describe('the folders of a build', () => {
  test('are empty, and its temp folder is its own', async () => {
    const { worktree, tempDir } = await create();
    await expect(stat(worktree)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(tempDir)).toEqual([]);
    expect((await stat(tempDir)).mode & 0o077).toBe(0);
    expect(tempDir.startsWith(config.BUILD_TMPDIR)).toBe(true);
  });

  test('are gone when it has ended, but for its log', async () => {
    const workspace = await create();
    await mkdir(workspace.worktree);
    await writeFile(join(workspace.worktree, 'file'), '');
    await writeFile(join(workspace.tempDir, 'file'), '');
    await writeFile(workspace.logPath, 'log');
    await workspace.remove();
    expect(await inTemp()).toEqual([]);
    expect(await readdir(config.BUILD_DIR)).toEqual([]);
    expect(await readdir(jobFolder)).toEqual(['build.log']);
  });

  test('of a try that was cut off are removed before the next, temp folder and all', async () => {
    const first = await create();
    await mkdir(first.worktree);
    await writeFile(join(first.worktree, 'half built'), '');
    await writeFile(join(first.tempDir, 'gigabytes'), '');
    const second = await create();
    await expect(stat(second.worktree)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await inTemp()).toEqual([second.tempDir.slice(config.BUILD_TMPDIR.length + 1)]);
    expect(second.tempDir).not.toBe(first.tempDir);
  });
});

describe('what a killed agent left', () => {
  test('is removed once, and again without harm', async () => {
    const { worktree, tempDir } = await create();
    await mkdir(worktree);
    await writeFile(join(tempDir, 'file'), '');
    for (let time = 0; time < 2; time += 1) {
      expect(await removeLeftovers(config, ROUND, jobFolder)).toBe(false);
      expect(await inTemp()).toEqual([]);
      expect(await readdir(jobFolder)).toEqual([]);
    }
  });

  test.each([
    '/etc',
    '/',
    'repro-quorum-0123456789abcdef',
    '/tmp/repro-quorum-0123456789abcdef/../../etc',
    '/tmp/repro-quorum-0123456789ABCDEF',
  ])('is never what a spoilt record names: %s', async (named) => {
    const kept = join(config.BUILD_TMPDIR, 'kept');
    await writeFile(kept, '');
    for (const text of [JSON.stringify({ tempDir: named }), `{"tempDir":"${named}`, '\0', '']) {
      await writeFile(join(jobFolder, 'running.json'), text);
      expect(await removeLeftovers(config, ROUND, jobFolder)).toBe(false);
      expect(await readdir(jobFolder)).toEqual([]);
    }
    expect((await stat('/etc')).isDirectory()).toBe(true);
    expect(await inTemp()).toEqual(['kept']);
  });

  test('that is another round’s stays', async () => {
    const { tempDir } = await create();
    const other = join(dir, 'state/jobs', 'b'.repeat(64));
    await mkdir(other);
    await removeLeftovers(config, 'b'.repeat(64), other);
    expect((await stat(tempDir)).isDirectory()).toBe(true);
  });
});
