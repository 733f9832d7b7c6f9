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
    ['an era without marks, which would fit every commit', { eras: [{ ...first, marks: [] }] }],
  ])('is refused when it is %s', async (_, table) => {
    await expect(loadEras(await write(JSON.stringify(table)))).rejects.toThrow(
      expect.objectContaining({ name: 'IcosError', code: 'MALFORMED_ERAS' }),
    );
  });

  test('that is not there, or not JSON, is refused with its name', async () => {
    await expect(loadEras(join(dir, 'absent.json'))).rejects.toThrow('absent.json');
    await expect(loadEras(await write('{'))).rejects.toThrow('is no table of eras');
  });
});

function withOutput(outputPath: string): unknown {
  return { ...first, artifacts: [{ ...first?.artifacts[0], outputPath }] };
}
