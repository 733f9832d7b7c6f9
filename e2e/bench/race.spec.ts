import { expect, test } from 'vitest';
import { median, race } from './race.js';

test('a median is no mean: one slow lap changes nothing', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([1, 2, 1000])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(3);
  expect(median([])).toBeNaN();
});

test('contenders take turns, and are compared with the first', async () => {
  const laps: string[] = [];
  const contender = (what: string) => ({
    ...{ what, amount: 1, unit: 'laps' },
    lap: () => laps.push(what),
  });
  const figures = await race([contender('a'), contender('b')]);
  expect(laps.slice(0, 6)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(figures.map(({ what }) => what)).toEqual(['a', 'b']);
  expect(figures[0]!.ratio).toBe(1);
  expect(figures[0]!.rate).toMatch(/^[\d,.]+ laps\/s$/);
});
