import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommitId } from '#libs/encoding';
import { git } from './git.js';
import { startGitHost } from './git-host.js';
import type { GitHost } from './git-host.js';
import { createIcMini } from './ic-mini/ic-mini.js';

let dir: string;
let host: GitHost;
let release: CommitId;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'git-host-'));
  const icMini = await createIcMini(join(dir, 'somewhere.git'));
  release = await icMini.commit({ hostos: ['package-drift'] });
  host = await startGitHost({ 'dfinity/ic': icMini.gitDir });
});
afterAll(async () => {
  await host.close();
  await rm(dir, { recursive: true, force: true });
});

const emptyRepository = async (name: string) => {
  await git(['init', '--quiet', join(dir, name)]);
  return (...args: string[]) => git(['-C', join(dir, name), ...args]);
};

describe('the git host', () => {
  test('serves a clone of everything', async () => {
    expect(host.urlOf('dfinity/ic')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/dfinity\/ic\.git$/);
    await git(['clone', '--quiet', host.urlOf('dfinity/ic'), join(dir, 'clone')]);
    const branches = await git(['-C', join(dir, 'clone'), 'branch', '-r', '--contains', release]);
    expect(branches).toContain('origin/rc--');
  });

  test.each([
    ['full', []],
    ['shallow', ['--depth=1']],
    ['without blobs', ['--filter=blob:none']],
  ])('serves one commit by its id, %s', async (name, options) => {
    const inside = await emptyRepository(name);
    await inside('fetch', '--quiet', ...options, host.urlOf('dfinity/ic'), release);
    expect(await inside('rev-parse', 'FETCH_HEAD')).toBe(release);
    const depth = options.includes('--depth=1') ? '1' : '4';
    expect(await inside('rev-list', '--count', 'FETCH_HEAD')).toBe(depth);
  });

  test('has no commit that was never made', async () => {
    const inside = await emptyRepository('unknown');
    const fetched = inside('fetch', '--quiet', host.urlOf('dfinity/ic'), 'f'.repeat(40));
    await expect(fetched).rejects.toThrow(/not our ref/);
  });

  test('takes no push, and knows no other repository', async () => {
    const inside = (...args: string[]) => git(['-C', join(dir, 'clone'), ...args]);
    await expect(inside('push', host.urlOf('dfinity/ic'), 'HEAD:refs/heads/x')).rejects.toThrow(
      /403/,
    );
    for (const name of ['dfinity/ic-private', '../somewhere', 'constructor/x']) {
      await expect(inside('ls-remote', host.urlOf(name))).rejects.toThrow(/not found/);
    }
  });

  test('hides a repository while it is private, and shows it again', async () => {
    host.unavailable();
    await expect(git(['ls-remote', host.urlOf('dfinity/ic')])).rejects.toThrow(/not found/);
    host.restore();
    expect(await git(['ls-remote', host.urlOf('dfinity/ic')])).toContain(release);
  });

  test('answers late when it is slow', async () => {
    host.slow(300);
    const began = performance.now();
    await git(['ls-remote', host.urlOf('dfinity/ic')]);
    expect(performance.now() - began).toBeGreaterThan(290);
    host.restore();
  });
});
