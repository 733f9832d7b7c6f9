import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';

const program = join(projectRoot(), 'dist/e2e/bench/main.js');

test('envelopes are taken in, proven and verified, every receipt holds, and what it costs is told as ratios', async () => {
  if (!existsSync(program)) throw new Error('there is no dist/: run `npm run build` first');
  const { stdout, stderr } = await execa(process.execPath, [program, 'evidence', '--quick']);
  const sentences = stdout.split('\n').filter((line) => line.includes('(at '));
  expect(sentences).toEqual([
    expect.stringMatching(
      /^ {2}ingest: commits come in at \d+\.\d\d of bare asynchronous Ed25519 \(at least 0\.45\)$/,
    ),
    expect.stringMatching(
      /^ {2}ingest: results come in at \d+\.\d\d of bare asynchronous Ed25519 \(at least 0\.45\)$/,
    ),
    expect.stringMatching(
      /^ {2}bundle: 30 attestations are verified at \d+\.\d\d of bare asynchronous Ed25519 \(at least 0\.7\)$/,
    ),
    expect.stringMatching(/^ {2}inclusion: \d+\.\d\d ms, .* \(at most 5 ms\); 3 queries each,/),
  ]);
  expect(stderr).toContain('all 40 receipts hold against the log');
});
