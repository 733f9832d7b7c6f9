import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CoordinatorClient } from '#libs/testing';
import { cli } from '../stack/cli.js';
import { copyDatabase } from '../stack/copy-database.js';
import { startHandStack, type HandStack } from './hand-stack.js';

let stack: HandStack;
beforeAll(async () => {
  stack = await startHandStack();
});
afterAll(() => stack.close());

const api = (): CoordinatorClient => new CoordinatorClient(stack.coordinator.url);
const run = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout, stderr, exitCode } = await cli(stack, ...args, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

test('a coordinator whose database is restored from an older backup is refilled from a copy of its log, and the log goes on', async () => {
  const { vkey, rootKeyFile, nns } = stack;
  const [one, two] = stack.builders;
  const first = await api().open({ commit: '0a'.repeat(20) });
  const early = one!.seal(await one!.invitation(first));
  await one!.commit(early.commit);
  await one!.receipt(early.commit);
  await stack.coordinator.stop();
  const backup = await copyDatabase(stack.databaseUrl, 'backup');

  await stack.start();
  const commit = '0b'.repeat(20);
  const urls = [`https://download.example/ic/${commit}/guest-os/update-img/update-img.tar.zst`];
  const sha256 = 'ab'.repeat(32);
  const proposal = String(nns.propose({ kind: 'elect-guestos', commit, sha256, urls }));
  const round = await api().open({ proposal });
  const evidence = await (await api().get(`/v1/proposals/${proposal}/evidence`)).json();
  const sealed = one!.seal(await one!.invitation(round));
  await one!.commit(sealed.commit);
  await one!.receipt(sealed.commit);

  const copy = join(stack.dir, 'copy');
  const { size } = (await run('log', 'export', '--url', stack.coordinator.url, '--out', copy)) as {
    size: number;
  };
  const whole = { leaves: size, checkpoints: 1, finding: null };
  expect(await run('fsck', copy, '--vkey', vkey)).toEqual(whole);
  const other = join(stack.dir, 'copy-of-the-database');
  await run('log', 'export', '--database', stack.databaseUrl, '--out', other);
  expect(await run('fsck', other, '--vkey', vkey)).toEqual(whole);
  const note = await readFile(join(copy, 'checkpoint'), 'utf8');
  expect(await readFile(join(other, 'checkpoint'), 'utf8')).toBe(note);

  // The disk is gone; the backup is what there is.
  await stack.coordinator.kill();
  const back = ['--database', backup, '--vkey', vkey, '--root-key', rootKeyFile];
  expect(await run('coordinator', 'restore', '--from', copy, ...back)).toEqual({
    ...{ from: 2, size, rounds: [round] },
  });
  const check = await run('fsck', '--database', backup, '--vkey', vkey);
  expect(check).toMatchObject({ leaves: size, rounds: 2, finding: null });

  const answered = ['--newest', '--database', backup, '--vkey', vkey];
  expect(await run('coordinator', 'restore', ...answered)).toEqual({
    from: size,
    size,
    rounds: [],
  });
  await stack.start(backup);
  expect(await (await api().get('/v1/log/checkpoint')).text()).toBe(note);
  expect(await (await api().get(`/v1/proposals/${proposal}/evidence`)).json()).toEqual(evidence);
  const second = two!.seal(await two!.invitation(round));
  await two!.commit(second.commit);
  await one!.close(round);
  await one!.reveal(sealed.result);
  await two!.reveal(second.result);
  const report = await api().reportIn('final', round);
  expect(report.proposal).toMatchObject({ id: proposal });

  // The earlier copy is the beginning of the log that goes on.
  const grown = (await run('log', 'export', '--url', stack.coordinator.url, '--out', copy)) as {
    size: number;
  };
  expect(grown.size).toBeGreaterThan(size);
  expect(await run('fsck', copy, '--vkey', vkey)).toEqual({ ...whole, leaves: grown.size });
});
