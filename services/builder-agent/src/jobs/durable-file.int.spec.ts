import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../agent.fixture.js';
import { writeDurably } from './durable-file.js';

test('a file is there whole, and replaces the one before', async () => {
  const dir = await scratchDirectory();
  for (const text of ['one', 'two']) await writeDurably(join(dir, 'file'), text);
  expect(await readdir(dir)).toEqual(['file']);
  expect(await readFile(join(dir, 'file'), 'utf8')).toBe('two');
});

test('a file that cannot be written leaves nothing, however often it is tried', async () => {
  const dir = await scratchDirectory();
  // In its place is a folder: what was written cannot get its name.
  await mkdir(join(dir, 'file/inner'), { recursive: true });
  for (let time = 0; time < 3; time += 1) {
    await expect(writeDurably(join(dir, 'file'), 'text')).rejects.toMatchObject({ code: 'EISDIR' });
  }
  expect(await readdir(dir)).toEqual(['file']);
});
