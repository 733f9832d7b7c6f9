import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseStatement, signStatement, unverifiedPayload } from '#libs/attestation';
import { CoordinatorClient, playRound } from '#libs/testing';
import { cli } from '../stack/cli.js';
import { copyDatabase } from '../stack/copy-database.js';
import { startHandStack, type HandStack } from './hand-stack.js';

const BAD_EVIDENCE = 4;
const USAGE = 2;

let stack: HandStack;
beforeAll(async () => {
  stack = await startHandStack();
});
afterAll(() => stack.close());

const run = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout, stderr, exitCode } = await cli(stack, ...args, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

/** Runs a command that says that it lacks the archive, and where that is. */
async function refused(exit: number, archive: string, ...args: readonly string[]): Promise<void> {
  const { stderr, exitCode } = await cli(stack, ...args);
  expect([exitCode, stderr]).toEqual([exit, expect.stringContaining(`archive ${archive}`)]);
  expect(stderr).toContain('name its folder with --archive');
}

test('a database from which rounds were pruned is checked, copied and restored with their archive, and without it says so', async () => {
  const { vkey, rootKeyFile, dir } = stack;
  const [archive, copy] = [join(dir, 'archive'), join(dir, 'copy')];
  const api = new CoordinatorClient(stack.coordinator.url);
  const round = await playRound(api, stack.builders, '0a'.repeat(20));
  await stack.coordinator.stop();

  const database = ['--database', stack.databaseUrl];
  const key = ['--vkey', vkey];
  const pruning = ['--keep', '0', '--to', archive, '--prune'];
  const { pruned } = (await run('coordinator', 'archive', ...pruning, ...database, ...key)) as {
    pruned: number;
  };
  expect(pruned).toBeGreaterThan(4);
  const backup = await copyDatabase(stack.databaseUrl, 'backup');

  // Whoever was asleep agrees with a verdict whose envelopes are elsewhere by now.
  await stack.start(stack.databaseUrl, { ARCHIVE_DIR: archive });
  const [late] = stack.builders;
  const { verdict } = await late!.verdict(round);
  const answer = signStatement(parseStatement(unverifiedPayload(verdict)), late!.signer);
  await late!.answer(round, answer);
  await late!.receipt(answer);
  await stack.coordinator.stop();

  const out = ['--out', copy];
  await refused(USAGE, archive, 'log', 'export', ...database, ...out);
  const withArchive = ['--archive', archive];
  const { size } = (await run('log', 'export', ...database, ...withArchive, ...out)) as {
    size: number;
  };
  expect(await run('fsck', copy, ...key)).toMatchObject({ leaves: size, finding: null });

  const back = ['--database', backup, ...key];
  const restoring = ['coordinator', 'restore', '--from', copy, '--root-key', rootKeyFile, ...back];
  await refused(USAGE, archive, 'fsck', ...back);
  await refused(BAD_EVIDENCE, archive, ...restoring);
  expect(await run(...restoring, ...withArchive)).toEqual({
    ...{ from: size - 1, size, rounds: [round] },
  });
  const check = await run('fsck', ...back, ...withArchive);
  expect(check).toMatchObject({ leaves: size, rounds: 1, finding: null });
});
