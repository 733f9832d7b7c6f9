import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Report, RoundAttestations } from '#libs/contracts';
import type { CommitId } from '#libs/encoding';
import { cli } from '../stack/cli.js';
import { startStack, type Stack } from '../stack/stack.js';
import type { Builder } from '../stack/builder.js';
import { publish } from '../world/publisher.js';
import { five } from './parts.js';

let stack: Stack;
let commit: CommitId;
beforeAll(async () => {
  stack = await startStack(() => five(), { DEFAULT_THRESHOLD: '3/5', VANISHED_SECONDS: '15' });
  const { icMini, cdnRoots, workDir } = stack.world;
  commit = await icMini.commit({});
  await publish({ icMini, commit, cdnRoots, workDir });
});
afterAll(() => stack.close());

async function reportOf(round: string): Promise<Report> {
  return Report.parse(
    await (await fetch(`${stack.coordinator.url}/v1/rounds/${round}/report`)).json(),
  );
}

/** Waits until something holds of a round's report. */
async function reported(round: string, holds: (report: Report) => boolean): Promise<Report> {
  return vi.waitFor(
    async () => {
      const report = await reportOf(round);
      expect(holds(report)).toBe(true);
      return report;
    },
    { timeout: 120_000, interval: 200 },
  );
}

/** Has the coordinator know these builders, and no others. */
async function roster(builders: readonly Builder[]): Promise<void> {
  const operators = builders.map(({ operator, publicKey }) => ({
    operator,
    builders: [{ publicKey }],
  }));
  await writeFile(join(stack.dir, 'roster.json'), JSON.stringify({ operators }));
}

/** Hours that begin long after the round has ended. */
function hoursAhead(): string {
  const hour = (ahead: number): string => {
    const at = (new Date().getUTCHours() + ahead) % 24;
    return `${String(at).padStart(2, '0')}:00`;
  };
  return `${hour(10)}-${hour(12)} UTC`;
}

test('of three that were chosen one declines and one is never heard of: others come instead, and the verdict is right', async () => {
  const [builds, declines, vanishes, ...spare] = stack.builders;
  await Promise.all([
    builds!.start(),
    declines!.start({ EXCLUSIVE_HOURS: hoursAhead() }),
    ...spare.map((builder) => builder.start()),
  ]);
  await roster([builds!, declines!, vanishes!]);
  const asked = ['--ask', 'operators=3', '--deadline', '3600'];
  const opened = await cli(stack, 'round', 'open', '--commit', commit, ...asked);
  expect(opened.exitCode).toBe(0);
  const round = opened.stdout.trim();
  await roster(stack.builders);
  const { choice } = (await reportOf(round)).round!;
  expect(choice).toMatchObject({ text: 'operators=3', leftCount: 0, replacements: [] });

  const replaced = await reported(round, ({ round: told }) => {
    return told!.choice!.replacements.flatMap(({ by }) => by).length === 2;
  });
  expect(
    replaced.round!.choice!.replacements.map(({ builder, because }) => [builder, because]),
  ).toEqual(
    expect.arrayContaining([
      [declines!.id, 'declined'],
      [vanishes!.id, 'vanished'],
    ]),
  );
  expect(replaced.round).toMatchObject({ eligible: 5, needed: 3 });
  await reported(round, ({ builders }) => {
    return builders.filter(({ commitIndex }) => commitIndex !== null).length === 3;
  });
  const shown = await cli(stack, 'round', 'show', round);
  expect(shown.stdout).toContain('declined: outside-hours');
  expect(shown.stdout).toContain('asked for operators=3');

  // Who vanished may still come back, or the round is closed without it.
  expect((await cli(stack, 'round', 'close', round)).exitCode).toBe(0);
  const watched = await cli(stack, 'round', 'watch', round, '--json');
  expect(watched.exitCode).toBe(0);
  const report = Report.parse(JSON.parse(watched.stdout));
  for (const { verdict, clusters } of report.artifacts) {
    expect([verdict, clusters.length]).toEqual(['reproduced', 1]);
  }
  expect(report.builders.map(({ state }) => state).toSorted()).toEqual([
    ...['absent', 'built', 'built', 'built', 'declined'],
  ]);
  const url = `${stack.coordinator.url}/v1/rounds/${round}/attestations`;
  const { attestations } = RoundAttestations.parse(await (await fetch(url)).json());
  const kinds = attestations.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'decline')).toHaveLength(1);
  expect(kinds).toContain('round-amend');

  // Agents count the round again, decline and amendments included, before they sign for its verdict; who
  // declined has a word on that, too.
  await reported(round, ({ answers }) => answers?.countersigned.length === 4);
  const bundle = join(stack.dir, 'round.jsonl');
  await cli(stack, 'round', 'export', round, '--bundle', bundle);
  const policy = join(stack.dir, 'policy.json');
  const operators = stack.builders.map(({ operator, id }) => ({ operator, builders: [id] }));
  await writeFile(policy, JSON.stringify({ log: [stack.vkey], operators, threshold: '3' }));
  const verified = await cli(stack, 'verify', bundle, '--policy', policy, '--json');
  expect(JSON.parse(verified.stdout)).toMatchObject({ findings: [] });
  const database = ['--database', stack.databaseUrl, '--vkey', stack.vkey, '--json'];
  const { stdout } = await cli(stack, 'fsck', ...database);
  expect(JSON.parse(stdout)).toMatchObject({ finding: null });
});
