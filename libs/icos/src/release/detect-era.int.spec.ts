import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectEra, worktreeReader } from '../index.js';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'era-'));
  await mkdir(join(dir, 'ci/container'), { recursive: true });
  await writeFile(join(dir, 'ci/container/build-ic.sh'), 'mkdir -p "$D/guestos/update"\n');
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

test('the era of a checkout is told by its build script', async () => {
  expect(await detectEra(worktreeReader(dir))).toMatchObject({ id: 'update-folders' });
});

test('a checkout is read without following links, and folders hold no text', async () => {
  const read = worktreeReader(dir);
  await symlink('/etc/hostname', join(dir, 'link'));
  expect(await read('link')).toBeNull();
  expect(await read('ci')).toBeNull();
  expect(await read('absent')).toBeNull();
});
