import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERAS, loadEras } from '../index.js';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'eras-'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

const write = async (text: string): Promise<string> => {
  const file = join(dir, 'eras.json');
  await writeFile(file, text);
  return file;
};
const [first] = ERAS;

describe('a table of eras in a file', () => {
  test('says what the one of this version says, word for word', async () => {
    expect(await loadEras(await write(JSON.stringify({ eras: ERAS })))).toEqual(ERAS);
  });

  test.each<[string, unknown]>([
    ['no table', 'eras'],
    ['an empty table', { eras: [] }],
    ['a field that nobody knows', { eras: [{ ...first, commands: [] }] }],
    ['an output outside of the worktree', { eras: [withOutput('../../etc/shadow')] }],
    ['an output at a path of this machine', { eras: [withOutput('/etc/shadow')] }],
    ['a command of no word', { eras: [{ ...first, command: [] }] }],
    ['a file on the way outside of the home', { eras: [withWay('.cache/../../.ssh/id_rsa')] }],
    ['a file on the way at a path of this machine', { eras: [withWay('/etc/shadow')] }],
    ['a file on the way with a pattern for its name', { eras: [withWay('.cache/id_*')] }],
    ['two files on the way of one name', { eras: [withWay('a', 'b')] }],
    ['an era without marks, which would fit every commit', { eras: [{ ...first, marks: [] }] }],
  ])('is refused when it is %s', async (_, table) => {
    await expect(loadEras(await write(JSON.stringify(table)))).rejects.toThrow(
      expect.objectContaining({ name: 'IcosError', code: 'MALFORMED_ERAS' }),
    );
  });

  test('from before there was anything on the way asks for nothing', async () => {
    // JSON has no place for what is undefined.
    const before = { ...first, intermediates: undefined };
    const [era] = await loadEras(await write(JSON.stringify({ eras: [before] })));
    expect(era?.intermediates).toEqual([]);
  });

  test('that is not there, or not JSON, is refused with its name', async () => {
    await expect(loadEras(join(dir, 'absent.json'))).rejects.toThrow('absent.json');
    await expect(loadEras(await write('{'))).rejects.toThrow('is no table of eras');
  });
});

function withOutput(outputPath: string): unknown {
  return { ...first, artifacts: [{ ...first?.artifacts[0], outputPath }] };
}

function withWay(...paths: readonly string[]): unknown {
  const artifacts = ['guestos/update-img'];
  return { ...first, intermediates: paths.map((path) => ({ name: 'tree', path, artifacts })) };
}
