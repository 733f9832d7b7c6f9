import { describe, expect, test } from 'vitest';
import { nextTry, RETRY_DELAYS_MS, retryAfterMs } from './retry-schedule.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const failed = { now, retryAfterMs: null, random: 0 };
const HOUR_MS = 3_600_000;

describe('a try that failed', () => {
  test('is repeated after 5 s, then ever later, and given up after three days', () => {
    const waits = RETRY_DELAYS_MS.map((_, at) => {
      const next = nextTry({ ...failed, attempts: at + 1 });
      return (next?.getTime() ?? NaN) - now.getTime();
    });
    expect(waits[0]).toBe(5_000);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(72 * HOUR_MS);
    expect(nextTry({ ...failed, attempts: RETRY_DELAYS_MS.length + 1 })).toBeNull();
  });

  test('is repeated at a time that chance moves by a fifth at most', () => {
    const times = [0, 0.5, 0.999].map((random) =>
      nextTry({ ...failed, attempts: 2, random })!.getTime(),
    );
    expect(new Set(times).size).toBe(3);
    expect(Math.max(...times) - now.getTime()).toBeLessThan(1.2 * RETRY_DELAYS_MS[1]!);
  });

  test('is not repeated before the receiver says, but for more than a day', () => {
    const asked = (ms: number) =>
      nextTry({ ...failed, attempts: 1, retryAfterMs: ms })!.getTime() - now.getTime();
    expect([asked(1), asked(60_000), asked(1e12)]).toEqual([5_000, 60_000, 24 * HOUR_MS]);
  });
});

test.each([
  ['120', 120_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['soon', null],
  [undefined, null],
] as const)('Retry-After: %s is %s ms', (text, ms) => {
  expect(retryAfterMs(text, now)).toBe(ms);
});
