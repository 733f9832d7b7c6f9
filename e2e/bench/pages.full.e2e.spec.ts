import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { NO_BROWSER } from '../pages/browser.js';
import { projectRoot } from '../world/project-root.js';

const program = join(projectRoot(), 'dist/e2e/bench/main.js');

test.skipIf(NO_BROWSER !== null)(
  `a round's page and a bare one take turns, and what they take is told (${NO_BROWSER ?? 'Chromium'})`,
  async () => {
    if (!existsSync(program)) throw new Error('there is no dist/: run `npm run build` first');
    const { stdout, stderr } = await execa(process.execPath, [program, 'pages', '--quick']);
    expect(stdout.split('\n').filter((line) => line.startsWith('  pages: '))).toEqual([
      expect.stringMatching(
        /^ {2}pages: a round's page is usable after [\d,]+ ms \(at most 1000 ms\), [\d.]+ times as long as a bare page$/,
      ),
    ]);
    expect(stderr).toMatch(/load 1: [\d,]+ ms bare, [\d,]+ ms/);
  },
);
