import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeBuildFolder } from '../index.js';
import { runDeepIn } from '../isolation/deep-folder.fixture.js';

/** Root needs no rights; what another user's build leaves is removed by that user. */
const isRoot = process.geteuid?.() === 0;
const SOMEBODY = 65_534;
const LEAVE = `fs.writeFileSync('file', 'x');
fs.mkdirSync('closed/inner', { recursive: true });
fs.chmodSync('closed', 0);`;

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'remove-'));
});
afterEach(async () => {
  await execa('rm', ['-rf', dir]);
});

const at = (path: string): string => join(dir, path);
async function put(path: string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), 'x');
}

async function removeAsSomebody(path: string): Promise<void> {
  if (isRoot) await execa('chown', ['-R', String(SOMEBODY), dir]);
  if (isRoot) process.seteuid?.(SOMEBODY);
  try {
    await removeBuildFolder(path);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('a build’s folder is removed although the build took the right to write from it', async () => {
  await put('out/deep/er/file');
  await put('kept/file');
  await symlink(at('kept'), at('out/deep/link'));
  await chmod(at('kept'), 0o555);
  await chmod(at('out/deep/er'), 0o500);
  await chmod(at('out/deep'), 0);
  await removeAsSomebody(at('out'));
  expect((await readdir(dir)).toSorted()).toEqual(['kept']);
  expect(await readdir(at('kept'))).toEqual(['file']);
  await removeBuildFolder(at('absent'));
});

test('a build’s folder is removed however deep the build nested others in it', async () => {
  await mkdir(at('out'));
  await runDeepIn(at('out'), LEAVE);
  await removeAsSomebody(at('out'));
  expect(await readdir(dir)).toEqual([]);
});

test.skipIf(!isRoot)('what cannot be removed is told, with the first reason', async () => {
  await put('out/file');
  process.seteuid?.(SOMEBODY);
  try {
    await expect(removeBuildFolder(at('out'))).rejects.toThrow(/^rm failed: ".*Permission denied/);
  } finally {
    process.seteuid?.(0);
  }
  await rm(at('out'), { recursive: true });
});
