import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '../world/project-root.js';

test('where nothing can be written `./run up` says so, and leaves nothing half made to the next start', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-up-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const program = join(projectRoot(), 'dist/services/coordinator/src/up.main.js');
  const script = 'ulimit -f 0; exec "$0" "$1"';
  const { exitCode, stderr } = await execa('bash', ['-c', script, process.execPath, program], {
    env: { REPRO_QUORUM_DATA_DIR: dir },
    reject: false,
  });
  expect([exitCode, stderr]).toEqual([
    2,
    `coordinator: cannot write ${join(dir, 'coordinator-key.pem')}: EFBIG: file too large, write`,
  ]);
  expect(await readdir(dir)).toEqual([]);
});
