import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCheckDesk, type CheckDesk } from './check-desk.js';
import { ERA_IDS } from '../world/era.js';

let desk: CheckDesk;
beforeAll(async () => {
  desk = await openCheckDesk();
});
afterAll(() => desk.close());

describe.each(ERA_IDS)('a release of the era %s', (era) => {
  test('reproduces, from its proposal to its bytes', async () => {
    const published = await desk.release({ era });
    const { report, exitCode, stderr } = await desk.report(['-p', desk.elect(published)]);
    expect(
      report.artifacts.map(({ verdict }) => verdict),
      stderr,
    ).toEqual(Object.keys(published.artifacts).map(() => 'reproduced'));
    expect(report).toMatchObject({ era, outcome: 'reproduced', commit: published.commit });
    expect(exitCode).toBe(0);
  });
});
