import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';

const program = join(projectRoot(), 'dist/e2e/bench/main.js');

test('a verification is gone both ways, cold and warm, and what it takes is told as ratios', async () => {
  if (!existsSync(program)) throw new Error('there is no dist/: run `npm run build` first');
  const { stdout } = await execa(process.execPath, [program, 'verify', '--quick']);
  const sentences = stdout.split('\n').filter((line) => line.includes('(at most'));
  expect(sentences).toEqual([
    expect.stringMatching(/^ {2}cold: ours takes \d+\.\d\d of the script's way \(at most 0\.33\)$/),
    expect.stringMatching(/^ {2}warm: ours takes \d+\.\d\d of the script's way \(at most 0\.20\)$/),
    expect.stringMatching(/^ {2}memory: ours has \d+ MiB at most, .* \(at most 256 MiB\)$/),
  ]);
});
