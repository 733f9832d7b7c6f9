import { describe, expect, test } from 'vitest';
import { hostosShape } from './shape.js';
import { mirrored } from './parts.js';
import { playAndCheck } from './check-scenario.js';
import { expectedRows } from './expected.js';
import { expectHoleMap } from './explained.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { findScenario, SCENARIOS } from './scenarios.js';
import { Turns } from './turns.js';

const CORE = ['seed-split', 'all-agree', 'unelect-only'];

// Each has a stack of its own, and waits half of its time; more than two would build too slowly.
const turns = new Turns(2);

// The time to wait in line counts, too.
const timeout = 600_000;

describe.concurrent('each scenario comes to what docs/scenarios.md promises', { timeout }, () => {
  test.for(SCENARIOS.filter(({ name }) => !CORE.includes(name)))(
    '$name',
    async (scenario, context) => {
      const inspect = scenario.name === 'wsl-no-tmpfs' ? expectHoleMap : undefined;
      await turns.take(() => playAndCheck(scenario, context, inspect));
    },
  );

  test('the table speaks of no scenario that does not exist', () => {
    const names = SCENARIOS.map(({ name }) => name);
    for (const name of expectedRows().keys()) expect(names).toContain(name);
  });

  test('unelect-only: there is nothing to build', async () => {
    const unelect = findScenario('unelect-only')!;
    const { report, attestations } = await turns.take(() => runScenario(unelect));
    expect(report).toMatchObject({ kind: 'nothing-to-build', round: null, artifacts: [] });
    expect(report.proposal?.unelects).toHaveLength(1);
    expect(attestations).toBeNull();
  });
});

test('the seed’s split played twice has the same shape', async () => {
  const seed = findScenario('seed-split')!;
  const [first, second] = await Promise.all([runScenario(seed), runScenario(seed)]);
  expect(hostosShape(second.report)).toEqual(hostosShape(first.report));
});

test('the seed’s split has another shape when bob has carol’s mirror', async () => {
  const seed = findScenario('seed-split')!;
  const moved: Scenario = {
    ...seed,
    builders: (world) => {
      const states = [1, 2, 2, 3, 4];
      return seed
        .builders(world)
        .map((spec, at) => ({ ...spec, environment: mirrored(world, states[at] ?? 0) }));
    },
  };
  const { report } = await runScenario(moved);
  const shape = hostosShape(report);
  expect(shape).toContainEqual(['bob', 'carol']);
  expect(shape).toContainEqual(['alice']);
  expect(shape).toHaveLength(4);
});
