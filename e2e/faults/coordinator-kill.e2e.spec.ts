import { expect, test } from 'vitest';
import { expectAsTold } from '../scenarios/check-scenario.js';
import { runScenario, SILENT } from '../scenarios/run-scenario.js';
import { findScenario } from '../scenarios/scenarios.js';
import type { Scenario } from '../scenarios/scenario.js';
import { buildsBegun } from './builds.js';

test('a coordinator killed in mid-round and started again comes to the same verdict, and nobody builds twice', async () => {
  const scenario: Scenario = {
    ...findScenario('seed-split')!,
    play: async ({ stack, until, watch }) => {
      const [first, ...others] = stack.builders;
      await first!.start();
      await until('the first commit', ({ builders }) =>
        builders.some(({ state }) => state === 'committed'),
      );
      await Promise.all(others.map((builder) => builder.start()));
      await until('others at work', ({ builders }) =>
        builders.some(({ state }) => state === 'building'),
      );
      const { port } = new URL(stack.coordinator.url);
      await stack.coordinator.kill();
      await stack.startCoordinator('coordinator-again', { PORT: port });
      await watch();
    },
  };
  await runScenario(scenario, SILENT, async (stack, { report, attestations }) => {
    expectAsTold('seed-split', report);
    expect(await buildsBegun(stack)).toEqual([1, 1, 1, 1, 1]);
    const kinds = attestations!.attestations.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'commit')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'result')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'round-close')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'verdict')).toHaveLength(1);
  });
});
