import { afterEach, expect, test } from 'vitest';
import { useDataSource } from '#libs/testing';
import { LeasesService } from './leases.service.js';

const dataSource = useDataSource();
const LONG_MS = 60_000;
const made: LeasesService[] = [];

function coordinator(): LeasesService {
  const leases = new LeasesService(dataSource());
  made.push(leases);
  return leases;
}

afterEach(async () => {
  for (const leases of made.splice(0)) await leases.release();
});

test('of many that come at once, one does the work', async () => {
  const coordinators = Array.from({ length: 8 }, coordinator);
  const done: number[] = [];
  const took = await Promise.all(
    coordinators.map((leases, at) =>
      leases.whileHeld('work', LONG_MS, () => {
        done.push(at);
        return Promise.resolve();
      }),
    ),
  );
  expect(took.filter(Boolean)).toHaveLength(1);
  expect(done).toEqual([took.indexOf(true)]);
});

test('whoever has it does the work again, and another one once it was given back', async () => {
  const [first, second] = [coordinator(), coordinator()];
  const work = () => Promise.resolve();
  expect(await first.whileHeld('work', LONG_MS, work)).toBe(true);
  expect(await first.whileHeld('work', LONG_MS, work)).toBe(true);
  expect(await second.whileHeld('work', LONG_MS, work)).toBe(false);
  expect([first.held, second.held]).toEqual([['work'], []]);
  await first.release();
  expect(await second.whileHeld('work', LONG_MS, work)).toBe(true);
  expect(await first.whileHeld('work', LONG_MS, work)).toBe(false);
});

test('what a dead one held is taken by the next one when its time has passed', async () => {
  const [dead, next] = [coordinator(), coordinator()];
  await dead.whileHeld('work', 1, () => Promise.resolve());
  await dataSource().query('SELECT pg_sleep(0.01)');
  expect(await next.whileHeld('work', LONG_MS, () => Promise.resolve())).toBe(true);
});

test('a lease is renewed as long as its work goes on, and given back only after it', async () => {
  const [busy, other] = [coordinator(), coordinator()];
  const ttlMs = 90;
  let end: () => void = () => undefined;
  const working = busy.whileHeld('work', ttlMs, () => new Promise((resolve) => (end = resolve)));
  await dataSource().query('SELECT pg_sleep(0.3)');
  expect(await other.whileHeld('work', LONG_MS, () => Promise.resolve())).toBe(false);
  let isReleased = false;
  const releasing = busy.release().then(() => (isReleased = true));
  await dataSource().query('SELECT 1');
  expect(isReleased).toBe(false);
  end();
  await Promise.all([working, releasing]);
  expect(await other.whileHeld('work', LONG_MS, () => Promise.resolve())).toBe(true);
});
