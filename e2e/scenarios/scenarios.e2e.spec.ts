import { describe, expect, test } from 'vitest';
import { playAndCheck } from './check-scenario.js';
import { expectPackageDrift } from './explained.js';
import { hostosShape } from './shape.js';
import { findScenario } from './scenarios.js';
import type { Scenario } from './scenario.js';

function scenario(name: string): Scenario {
  const found = findScenario(name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}

describe('the seed’s split', () => {
  test('comes out as told and explained, and alice and bob agree because their mirrors stand alike', async (context) => {
    const played = await playAndCheck(scenario('seed-split'), context, expectPackageDrift);
    const shape = hostosShape(played!.report);
    expect(shape).toContainEqual(['alice', 'bob']);
    expect(shape).toHaveLength(4);
    expect(played!.report.headline).toBe(
      'Proposal 138000: GuestOS, which this proposal elects: reproduced by 5 of 5. HostOS and SetupOS are not elected here; they differ.',
    );
  });
});

test('all agree on a clean release, whatever their machines', async (context) => {
  await playAndCheck(scenario('all-agree'), context);
});
