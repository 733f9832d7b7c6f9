import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatVkey } from '#libs/tlog';
import { Folder } from './folder.js';
import { maker } from './makers.js';

const vkey = formatVkey('quorum.example/log', maker('log').publicKey);
const ARGS = ['builder', 'receipts', '--vkey', vkey, '--out', 'acme.jsonl'];

let folder: Folder;
beforeAll(async () => {
  folder = await Folder.make();
});
afterAll(() => folder.remove());

test('a folder without jobs is no state of an agent: nothing is given out, or made there', async () => {
  await mkdir(join(folder.path, 'wrong'));
  for (const dir of ['wrong', 'nowhere']) {
    const { exitCode, stdout, stderr } = await folder.run([...ARGS, '--state-dir', dir]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`there is no ${dir}/jobs: name the agent's STATE_DIR`);
    expect(stderr).toContain('/var/lib/repro-quorum/state');
  }
  expect(await folder.names()).toEqual(['wrong']);
});

test('an agent that has no envelope yet is given out as such, with a warning', async () => {
  await mkdir(join(folder.path, 'state/jobs'), { recursive: true });
  const { exitCode, stdout, stderr } = await folder.run([...ARGS, '--state-dir', 'state']);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('0 envelopes')]);
  expect(stderr).toContain('no envelope is in state');
});

test('a file that cannot be written is told in one line, and is no mismatch', async () => {
  await mkdir(join(folder.path, 'state/jobs'), { recursive: true });
  const args = ['builder', 'receipts', '--vkey', vkey, '--state-dir', 'state'];
  const { exitCode, stderr } = await folder.run([...args, '--out', 'nowhere/acme.jsonl']);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^receipts: ENOENT: .*\n$/)]);
});
