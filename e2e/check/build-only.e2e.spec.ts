import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCheckDesk, type CheckDesk } from './check-desk.js';

let desk: CheckDesk;
beforeAll(async () => {
  desk = await openCheckDesk();
});
afterAll(() => desk.close());

test('a build alone prints its digests, asks no CDN, and claims nothing', async () => {
  const published = await desk.release();
  const { digest } = published.artifacts['guestos/update-img'];
  const { exitCode, stdout } = await desk.check(['-c', published.commit, '--build-only']);
  expect(stdout).toContain(`Local  = ${digest}`);
  expect(stdout).toContain('compared with nothing');
  expect(stdout).not.toMatch(/reproduce|successful|undecided/);
  expect(exitCode).toBe(0);
  expect(desk.world.systems.requests).toEqual([]);
});

test('a build alone that fails is undecided', async () => {
  const { exitCode, report } = await desk.report(['-c', 'f'.repeat(40), '--build-only']);
  expect([exitCode, report.outcome, report.build.class]).toEqual([
    ...[3, 'undecided', 'source-unavailable'],
  ]);
});
