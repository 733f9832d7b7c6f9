import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandError } from '../exit.js';
import { requireFile, requireFolder, writeFolder } from './write-folder.js';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'repro-quorum-export-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const FIRST = new Map<string, string | Uint8Array>([
  ['bundle.jsonl', '{}\n'],
  ['in-toto/a.link', 'a'],
]);
const SECOND = new Map([['bundle.jsonl', '{"second":1}\n']]);

test('an export appears whole, and replaces an earlier one whole, only when it is told to', async () => {
  const folder = join(scratch, 'round');
  requireFolder(folder, false);
  writeFolder(folder, FIRST);
  expect(await readFile(join(folder, 'in-toto/a.link'), 'utf8')).toBe('a');
  expect(() => {
    requireFolder(folder, false);
  }).toThrow(CommandError);
  requireFolder(folder, true);
  writeFolder(folder, SECOND);
  // What no longer agrees must not be left lying among the links.
  expect(await readdir(folder)).toEqual(['bundle.jsonl']);
  expect(await readdir(scratch)).toEqual(['round']);
});

test('a folder that no export made is never replaced', async () => {
  const folder = join(scratch, 'precious');
  await mkdir(folder);
  requireFolder(folder, false);
  await writeFile(join(folder, 'thesis.txt'), 'years of work');
  for (const force of [false, true]) {
    expect(() => {
      requireFolder(folder, force);
    }).toThrow('holds other files');
  }
});

test('a file is replaced only when it is told to, and a file is no folder', async () => {
  const file = join(scratch, 'round.jsonl');
  requireFile(file, false);
  await writeFile(file, '{}');
  expect(() => {
    requireFile(file, false);
  }).toThrow('exists already');
  requireFile(file, true);
  expect(() => {
    requireFolder(file, true);
  }).toThrow(CommandError);
});

test('what cannot be written leaves nothing behind', async () => {
  const file = join(scratch, 'no-folder');
  await writeFile(file, '');
  expect(() => {
    writeFolder(join(file, 'round'), FIRST);
  }).toThrow(CommandError);
  expect((await readdir(scratch)).filter((name) => name.includes('draft'))).toEqual([]);
});
