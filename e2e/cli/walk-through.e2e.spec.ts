import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, FILES_DOC } from '../schemas/doc-blocks.js';
import { textOf } from '../schemas/rewritten.js';
import { entry } from '../stack/entry.js';
import { Folder } from './folder.js';

let folder: Folder;
let blocks: ReadonlyMap<string, string>;
beforeAll(async () => {
  folder = await Folder.make();
  blocks = blocksOf(await textOf(FILES_DOC, (page) => page));
});
afterAll(async () => {
  await folder.remove();
});

describe('docs/files.md', () => {
  test('its commands do what it says', async () => {
    const here = await folder.inner('walk-through');
    const program = '#!/bin/sh\nexec "$NODE" "$PROGRAM" "$@"\n';
    await folder.write('bin/repro-quorum', program);
    await chmod(join(folder.path, 'bin/repro-quorum'), 0o755);
    const commands = blocks.get('sh walk-through') ?? '';
    const { exitCode, stdout } = await execa('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: here.path,
      env: {
        PATH: `${join(folder.path, 'bin')}:${process.env['PATH'] ?? ''}`,
        NODE: process.execPath,
        PROGRAM: entry('cli'),
      },
      extendEnv: false,
    });
    expect(exitCode).toBe(0);
    const printed = blocks.get('text walk-through') ?? '';
    expect(printed).toContain('reproduced');
    expect(`${stdout}\n`.endsWith(printed)).toBe(true);
  });

  test('its files are read, and give the tally that it shows', async () => {
    const here = await folder.inner('examples');
    for (const [label, text] of blocks) await here.write(label.split(' ')[1] ?? '', text);
    const { exitCode, stdout } = await here.run([
      ...['tally', '--release', 'release.json', '--roster', 'roster.json', '--threshold', '2/3'],
      ...['--json', 'attestation.json', 'post.txt'],
    ]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(blocks.get('json tally.json') ?? ''));
    expect(exitCode).toBe(1);
  });
});
