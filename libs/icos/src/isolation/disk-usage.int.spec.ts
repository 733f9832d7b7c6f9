import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { runDeepIn } from './deep-folder.fixture.js';
import { takenBytes } from './disk-usage.js';

const MIB = 1024 ** 2;

test('what a build hides deeper than a path can tell is counted, too', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'usage-'));
  onTestFinished(async () => {
    await execa('rm', ['-rf', dir]);
  });
  await writeFile(join(dir, 'file'), Buffer.alloc(MIB, 'x'));
  await runDeepIn(dir, `fs.writeFileSync('file', Buffer.alloc(${3 * MIB}, 'x'));`);
  const taken = await takenBytes([dir], null, 100 * MIB);
  expect(taken).toBeGreaterThanOrEqual(4 * MIB);
  expect(taken).toBeLessThan(5 * MIB);
});
