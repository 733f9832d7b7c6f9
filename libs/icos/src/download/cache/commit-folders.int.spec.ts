import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '#libs/testing';
import { describe, expect, test } from 'vitest';
import { COMMIT, commitOf, fetchOnce, scratchFolder } from './cache.fixture.js';
import { cleanDownloadCache, openDownloadCache } from './download-cache.js';
import { serves, startHost } from './host.fixture.js';
import { startProcess } from './other-process.fixture.js';

const [A, B, C, D] = [commitOf('a'), commitOf('b'), commitOf('c'), commitOf('d')];

/** A cache in which commits were used one after the other, the first of them longest ago. */
async function cacheOf(...commits: (typeof A)[]): Promise<string> {
  const dir = await scratchFolder();
  for (const [index, commit] of commits.entries()) {
    await (await openDownloadCache({ dir, commit, keep: 9 })).close();
    await writeFile(join(dir, commit, 'file'), 'bytes');
    await utimes(join(dir, `${commit}.lock`), 1000 + index, 1000 + index);
  }
  return dir;
}

/** Folders of commits; locks of those that are gone would add up. */
async function commitsIn(dir: string): Promise<readonly string[]> {
  const names = (await readdir(dir)).filter((name) => name !== 'cache.lock').sort();
  const folders = names.filter((name) => !name.endsWith('.lock'));
  expect(names).toEqual(folders.flatMap((folder) => [folder, `${folder}.lock`]));
  return folders;
}

describe('opening a cache', () => {
  test('keeps this commit and the one that was used last', async () => {
    const dir = await cacheOf(C, A, B);
    await (await openDownloadCache({ dir, commit: D })).close();
    expect(await commitsIn(dir)).toEqual([B, D]);
    await (await openDownloadCache({ dir, commit: B })).close();
    await (await openDownloadCache({ dir, commit: A })).close();
    expect(await commitsIn(dir)).toEqual([A, B]);
  });

  test('keeps as many as it is told, and its own always', async () => {
    const dir = await cacheOf(A, B, C);
    await (await openDownloadCache({ dir, commit: D, keep: 3 })).close();
    expect(await commitsIn(dir)).toEqual([B, C, D]);
    await (await openDownloadCache({ dir, commit: A, keep: 0 })).close();
    expect(await commitsIn(dir)).toEqual([A]);
  });

  test('keeps its own even where the clock was set back', async () => {
    const dir = await cacheOf(A, B);
    for (const commit of [A, B]) await utimes(join(dir, `${commit}.lock`), 9e9, 9e9);
    const cache = await openDownloadCache({ dir, commit: C });
    expect(await commitsIn(dir)).toEqual([A, B, C]);
    await cache.close();
  });

  test('never removes what another process uses, and does once that one was killed', async () => {
    const dir = await cacheOf(A);
    const other = startProcess(dir, A);
    await other.open;
    await utimes(join(dir, `${A}.lock`), 1, 1);
    for (const commit of [B, C]) await (await openDownloadCache({ dir, commit })).close();
    expect(await commitsIn(dir)).toEqual([A, B, C]);
    expect(await cleanDownloadCache(dir)).toEqual({ removed: [C, B], inUse: [A] });
    expect(await commitsIn(dir)).toEqual([A]);
    await other.kill();
    const { removed } = await eventually(
      'the mark of the killed process to go',
      async () => cleanDownloadCache(dir),
      (cleaned) => cleaned.removed.length > 0,
    );
    expect(removed).toEqual([A]);
    expect(await commitsIn(dir)).toEqual([]);
  });

  test('leaves alone what is not its own', async () => {
    const dir = await cacheOf(A);
    const foreign = ['repo', 'b'.repeat(40), `${'g'.repeat(40)}.lock`, 'c'.repeat(39)];
    for (const name of foreign) await mkdir(join(dir, name));
    await mkdir(join(dir, `${C}.lock`));
    for (const commit of [D, A]) await (await openDownloadCache({ dir, commit })).close();
    await cleanDownloadCache(dir);
    expect((await readdir(dir)).sort()).toEqual(
      ['cache.lock', ...foreign, `${C}.lock`].sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  test('at the same time, many times, harms nothing', async () => {
    const dir = await scratchFolder();
    const host = await startHost(serves(Buffer.from('bytes'), { etag: '"1"' }));
    const run = async (digit: string) => {
      const cache = await openDownloadCache({ dir, commit: commitOf(digit), keep: 1 });
      await writeFile(join(cache.folder, 'mine'), digit);
      expect(await readdir(cache.folder)).toContain('mine');
      await cache.close();
    };
    await Promise.all('0 1 2 3 4 5 6 7'.split(' ').map(run));
    await fetchOnce(dir, `${host.origin}/x`);
    expect(await commitsIn(dir)).toContain(COMMIT);
  });

  test('of something that is no commit is refused', async () => {
    const commit = '../../etc' as typeof A;
    await expect(openDownloadCache({ dir: await scratchFolder(), commit })).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_A_COMMIT' }),
    );
  });

  test('where a file is says that this is no place for it', async () => {
    const dir = join(await scratchFolder(), 'file');
    await writeFile(dir, '');
    const failure = expect.objectContaining({ code: 'CACHE_FAILED' }) as Error;
    await expect(openDownloadCache({ dir, commit: A })).rejects.toThrow(failure);
    await expect(cleanDownloadCache(dir)).rejects.toThrow(failure);
  });
});

test('cleaning where nothing is makes nothing', async () => {
  const dir = join(await scratchFolder(), 'none');
  expect(await cleanDownloadCache(dir)).toEqual({ removed: [], inUse: [] });
  await expect(readdir(dir)).rejects.toThrow('ENOENT');
});
