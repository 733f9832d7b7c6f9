import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Report, RoundAttestations } from '#libs/contracts';
import type { CommitId } from '#libs/encoding';
import { cli } from '../stack/cli.js';
import { startStack, type Stack } from '../stack/stack.js';
import { publish } from '../world/publisher.js';
import { five } from './parts.js';

let stack: Stack;
let commit: CommitId;
beforeAll(async () => {
  stack = await startStack(() => five().slice(0, 3), { DEFAULT_THRESHOLD: '2/3' });
  const { icMini, cdnRoots, workDir } = stack.world;
  commit = await icMini.commit({});
  await publish({ icMini, commit, cdnRoots, workDir });
});
afterAll(() => stack.close());

async function kindsOf(round: string): Promise<readonly string[]> {
  const url = `${stack.coordinator.url}/v1/rounds/${round}/attestations`;
  const { attestations } = RoundAttestations.parse(await (await fetch(url)).json());
  return attestations.map(({ kind }) => kind);
}

/** Waits until so many entries of a kind are logged. */
async function logged(round: string, kind: string, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await kindsOf(round)).filter((each) => each === kind)).toHaveLength(count);
    },
    { timeout: 120_000, interval: 200 },
  );
}

async function watch(round: string): Promise<Report> {
  const { exitCode, stdout } = await cli(stack, 'round', 'watch', round, '--json');
  expect(exitCode).toBe(0);
  return Report.parse(JSON.parse(stdout));
}

async function expectSound(): Promise<void> {
  const database = ['--database', stack.databaseUrl, '--vkey', stack.vkey, '--json'];
  const { stdout } = await cli(stack, 'fsck', ...database);
  expect(JSON.parse(stdout)).toMatchObject({ finding: null });
}

test('a builder that is added by an amendment builds, and counts as one that was asked from the start', async () => {
  const [one, two, three] = stack.builders;
  const asked = ['--builders', `${one!.id},${two!.id}`];
  const round = (await cli(stack, 'round', 'open', '--commit', commit, ...asked)).stdout.trim();
  const amended = await cli(stack, 'round', 'amend', round, '--builders', three!.id, '--json');
  expect(JSON.parse(amended.stdout)).toMatchObject({ eligible: 3, needed: 2, phase: 'open' });
  await Promise.all([one!, three!].map((builder) => builder.start()));
  await logged(round, 'commit', 2);
  // Whom it replaces may still come, or the round is closed without it.
  expect((await cli(stack, 'round', 'close', round)).exitCode).toBe(0);
  const report = await watch(round);
  expect(report.artifacts.map(({ verdict }) => verdict)).toEqual(
    report.artifacts.map(() => 'reproduced'),
  );
  expect(report.builders.map(({ state }) => state).toSorted()).toEqual([
    'absent',
    'built',
    'built',
  ]);
  const late = await cli(stack, 'round', 'amend', round, '--builders', three!.id);
  expect([late.exitCode, late.stderr]).toEqual([
    2,
    expect.stringContaining('forbidden-transition'),
  ]);
  await expectSound();
});

test('in a round that is not blind each result is shown at once, and the verdict says so', async () => {
  const opened = await cli(stack, 'round', 'open', '--commit', commit, '--not-blind');
  const round = opened.stdout.trim();
  await logged(round, 'result', 2);
  expect(await kindsOf(round)).not.toContain('round-close');
  await stack.builders[1]!.start();
  const report = await watch(round);
  expect(report.round).toMatchObject({ blind: false, closeReason: 'all-committed' });
  for (const { verdict, flags } of report.artifacts) {
    expect(verdict).toBe('reproduced');
    expect(flags).toContain('not-blind');
  }
  await expectSound();
});
