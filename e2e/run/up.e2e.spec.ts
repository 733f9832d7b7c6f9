import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { startChild, type Child } from '../stack/child.js';
import { projectRoot } from '../world/project-root.js';

const PROGRAM = join(projectRoot(), 'dist/services/coordinator/src/up.main.js');

async function scratchFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-up-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('where nothing can be written `./run up` says so, and leaves nothing half made to the next start', async () => {
  const dir = await scratchFolder();
  const script = 'ulimit -f 0; exec "$0" "$1"';
  const { exitCode, stderr } = await execa('bash', ['-c', script, process.execPath, PROGRAM], {
    env: { REPRO_QUORUM_DATA_DIR: dir },
    reject: false,
  });
  expect([exitCode, stderr]).toEqual([
    2,
    `coordinator: cannot write ${join(dir, 'coordinator-key.pem')}: EFBIG: file too large, write`,
  ]);
  expect(await readdir(dir)).toEqual([]);
});

test('where its nats-server ends `./run up` says so and ends, and starts again as it was', async () => {
  const dir = await scratchFolder();
  const dataDir = join(dir, 'data');
  const start = (): Child => {
    const { PATH } = process.env;
    const env = { PATH, REPRO_QUORUM_DATA_DIR: dataDir, PORT: '0', NATS_PORT: '0' };
    return startChild(process.execPath, [PROGRAM], { env, logPath: join(dir, 'up.log') });
  };
  const first = start();
  onTestFinished(() => first.stop());
  const [, key] = await first.line(/verifier key +(\S+)/);
  const [ports = ''] = await readdir(join(dataDir, 'nats/ports'));
  process.kill(Number(/_(\d+)\.ports$/.exec(ports)?.[1]), 'SIGKILL');
  await first.line(
    /^coordinator: nats-server has ended \(SIGKILL\), and its log is \S+nats\.log: /,
  );
  expect(await first.ended).toBe(2);
  const second = start();
  onTestFinished(() => second.stop());
  expect((await second.line(/verifier key +(\S+)/))[1]).toBe(key);
});
