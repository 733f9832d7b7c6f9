import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';

const program = join(projectRoot(), 'dist/e2e/bench/main.js');

test('lists, look-ups and a report are asked for on a seeded database, and what they take is told', async () => {
  if (!existsSync(program)) throw new Error('there is no dist/: run `npm run build` first');
  const { stdout, stderr } = await execa(process.execPath, [program, 'api', '--quick']);
  const sentences = stdout.split('\n').filter((line) => line.startsWith('  api: '));
  expect(sentences.length).toBeGreaterThan(60);
  for (const sentence of sentences) {
    expect(sentence).toMatch(/^ {2}api: .+: p50 [\d.]+ ms, p99 [\d.]+ ms \(at most \d+ ms\)$/);
  }
  expect(sentences.at(-1)).toContain('report of 10 builders, made anew');
  expect(stderr).toContain('20,000 attestations of 200 rounds were seeded');
});
