import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { takenBytes } from './disk-usage.js';

const MIB = 1024 ** 2;
/** Beyond 4096 bytes no call of the kernel takes a path. */
const NEST = `const { mkdirSync, writeFileSync } = require('node:fs');
const name = 'deep'.repeat(50);
for (let depth = 0; depth < 40; depth += 1) { mkdirSync(name); process.chdir(name); }
writeFileSync('file', Buffer.alloc(${3 * MIB}, 'x'));`;

test('what a build hides deeper than a path can tell is counted, too', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'usage-'));
  onTestFinished(async () => {
    await execa('rm', ['-rf', dir]);
  });
  await writeFile(join(dir, 'file'), Buffer.alloc(MIB, 'x'));
  await execa(process.execPath, ['--eval', NEST], { cwd: dir });
  const taken = await takenBytes([dir], null, 100 * MIB);
  expect(taken).toBeGreaterThanOrEqual(4 * MIB);
  expect(taken).toBeLessThan(5 * MIB);
});
