import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { scratchDirectory } from '../agent.fixture.js';
import { takeFile } from './take-file.js';

const MEMORY = '/dev/shm';
const isOtherDisk = await Promise.all([stat(MEMORY), stat(tmpdir())]).then(
  ([memory, temp]) => memory.dev !== temp.dev,
  () => false,
);

let dir: string;
beforeEach(async () => {
  dir = await scratchDirectory();
});

test('a file on the same disk gets a second name: no byte is copied', async () => {
  await writeFile(join(dir, 'image'), 'bytes');
  expect(await takeFile(join(dir, 'image'), join(dir, 'kept'))).toBe(true);
  const [from, to] = [await stat(join(dir, 'image')), await stat(join(dir, 'kept'))];
  expect(to.ino).toBe(from.ino);
});

test.runIf(isOtherDisk)('a file on another disk is copied', async () => {
  const other = await mkdtemp(join(MEMORY, 'builder-agent-'));
  onTestFinished(() => rm(other, { recursive: true }));
  await writeFile(join(other, 'image'), 'bytes');
  expect(await takeFile(join(other, 'image'), join(dir, 'kept'))).toBe(true);
  expect(await readFile(join(dir, 'kept'), 'utf8')).toBe('bytes');
});

test('what cannot be taken is not there, and is told so', async () => {
  await mkdir(join(dir, 'kept'));
  await writeFile(join(dir, 'image'), 'bytes');
  expect(await takeFile(join(dir, 'image'), join(dir, 'kept'))).toBe(false);
  expect((await stat(join(dir, 'kept'))).isDirectory()).toBe(true);
  expect(await takeFile(join(dir, 'missing'), join(dir, 'other'))).toBe(false);
});
