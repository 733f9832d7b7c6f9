import { expect, test } from 'vitest';
import { waitUntilHours } from './hours.js';

const HOUR_MS = 3_600_000;
const at = (hour: number, month = 0): number => Date.UTC(2026, month, 1, hour);

test.each<[string, string, string, number, number | null]>([
  ['within a day', '08:00', '18:00', at(12), 0],
  ['at their first minute', '12:00', '18:00', at(12), 0],
  ['at their last minute they are over', '08:00', '12:00', at(12), 20 * HOUR_MS],
  ['before they begin', '15:00', '18:00', at(12), 3 * HOUR_MS],
  ['over midnight, late', '22:00', '06:00', at(23), 0],
  ['over midnight, early', '22:00', '06:00', at(5), 0],
  ['over midnight, at noon', '22:00', '06:00', at(12), 10 * HOUR_MS],
  ['all day', '09:00', '09:00', at(3), 0],
  ['that are none', '25:00', '06:00', at(3), null],
])('hours %s', (_when, from, to, now, wait) => {
  expect(waitUntilHours({ from, to, timeZone: 'UTC' }, now)).toBe(wait);
});

test('hours are those of the machine’s own zone, in summer as in winter', () => {
  const hours = { from: '22:00', to: '06:00', timeZone: 'Europe/Zurich' };
  expect(waitUntilHours(hours, at(12, 0))).toBe(9 * HOUR_MS);
  expect(waitUntilHours(hours, at(12, 6))).toBe(8 * HOUR_MS);
});

test('hours in a zone that nobody knows cannot be told', () => {
  expect(
    waitUntilHours({ from: '22:00', to: '06:00', timeZone: 'Mars/Olympus' }, at(3)),
  ).toBeNull();
});
