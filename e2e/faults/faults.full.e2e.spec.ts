import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectAsTold } from '../scenarios/check-scenario.js';
import { runScenario, SILENT, type Played } from '../scenarios/run-scenario.js';
import { findScenario } from '../scenarios/scenarios.js';
import type { Scenario, Stage } from '../scenarios/scenario.js';
import type { Child } from '../stack/child.js';
import type { Stack } from '../stack/stack.js';
import { buildsBegun } from './builds.js';

function seedSplit(play: (stage: Stage) => Promise<void>): Scenario {
  return { ...findScenario('seed-split')!, play };
}

function expectEachCountedOnce({ attestations }: Played): void {
  const logged = attestations!.attestations;
  for (const kind of ['commit', 'result'] as const) {
    const builders = logged.filter((entry) => entry.kind === kind).map(({ builder }) => builder);
    expect(new Set(builders).size).toBe(5);
    expect(builders).toHaveLength(5);
  }
  expect(logged.filter(({ kind }) => kind === 'round-close')).toHaveLength(1);
  expect(logged.filter(({ kind }) => kind === 'verdict')).toHaveLength(1);
}

test('of two coordinators that share a round one is killed: the other ends it', async () => {
  const scenario = seedSplit(async ({ stack, until, watch }) => {
    const first = stack.coordinator;
    await stack.startCoordinator('second-coordinator');
    await Promise.all(stack.builders.map((builder) => builder.start()));
    await until('a commit', ({ builders }) => builders.some((b) => b.state === 'committed'));
    await first.kill();
    await watch();
  });
  await runScenario(scenario, SILENT, async (stack, played) => {
    expectAsTold('seed-split', played.report);
    expectEachCountedOnce(played);
    expect(await buildsBegun(stack)).toEqual([1, 1, 1, 1, 1]);
  });
});

test('a builder killed in mid-build builds again when it is started, and counts once', async () => {
  const scenario = seedSplit(async ({ stack, until, watch }) => {
    const agents = new Map<string, Child>();
    for (const builder of stack.builders) agents.set(builder.operator, await builder.start());
    await until('erin at work', ({ builders }) =>
      builders.some(({ operator, state }) => operator === 'erin' && state !== 'waiting'),
    );
    await agents.get('erin')!.kill();
    await stack.builders.find(({ operator }) => operator === 'erin')!.start();
    await watch();
  });
  await runScenario(scenario, SILENT, (_stack, played) => {
    expectAsTold('seed-split', played.report);
    expectEachCountedOnce(played);
    return Promise.resolve();
  });
});

test('a builder killed after its commit shows the very result it committed to', async () => {
  const scenario = seedSplit(async ({ stack, until, watch }) => {
    const [first, ...others] = stack.builders;
    const agent = await first!.start();
    await until('a commit', ({ builders }) => builders.some((b) => b.state === 'committed'));
    await agent.kill();
    await Promise.all(others.map((builder) => builder.start()));
    await until('the close', ({ round }) => round?.phase === 'revealing');
    await first!.start();
    await watch();
  });
  await runScenario(scenario, SILENT, async (stack, played) => {
    expectAsTold('seed-split', played.report);
    expectEachCountedOnce(played);
    expect(await buildsBegun(stack)).toEqual([1, 1, 1, 1, 1]);
  });
});

test('NATS that loses everything in mid-round is filled again from the database and the outboxes', async () => {
  const scenario = seedSplit(async ({ stack, until, watch }) => {
    const [first, ...others] = stack.builders;
    await first!.start();
    await until('a commit', ({ builders }) => builders.some((b) => b.state === 'committed'));
    await stack.restartNats(wipe);
    await Promise.all(others.map((builder) => builder.start()));
    await watch();
  });
  await runScenario(scenario, SILENT, async (stack: Stack, played) => {
    expectAsTold('seed-split', played.report);
    expectEachCountedOnce(played);
    expect(await buildsBegun(stack)).toEqual([1, 1, 1, 1, 1]);
  });
});

/** Empties JetStream's store: stronger than any write that a crash could lose. */
async function wipe(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name !== 'nats.conf') await rm(join(dataDir, name), { recursive: true, force: true });
  }
}
