import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Tries, triesAfter } from './tries.js';

const AT = new Date('2026-11-22T00:00:00Z');
const LATER = new Date('2026-11-23T00:00:00Z');
const limits = { mostTries: 5, firstPauseMs: 60_000 };
const failed = { stage: 'source', failureClass: 'network', at: AT };

describe('a build that failed', () => {
  test('for want of a way there is tried again, after pauses that double', () => {
    const pauses: number[] = [];
    let tries: Tries | null = null;
    for (;;) {
      tries = triesAfter(tries, failed, LATER, limits);
      if (tries === null) break;
      expect(Tries.parse(tries)).toEqual(tries);
      pauses.push((Date.parse(tries.nextAt) - AT.getTime()) / 1000);
    }
    expect(pauses).toEqual([60, 120, 240, 480]);
  });

  test.each(['build-error', 'source-unavailable', 'out-of-space', 'unsupported-commit', 'timeout'])(
    'by %s is not tried again: it would be so another time',
    (failureClass) => {
      expect(triesAfter(null, { ...failed, failureClass }, LATER, limits)).toBeNull();
    },
  );

  test('is signed where another try could not begin within its round', () => {
    const soon = new Date(AT.getTime() + 60_000);
    expect(triesAfter(null, failed, soon, limits)).toBeNull();
    expect(triesAfter(null, failed, new Date(soon.getTime() + 1), limits)).not.toBeNull();
  });

  test('is never put off for more than half an hour, nor beyond its round, nor for ever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(100_000_000), (mostTries, roundMs) => {
        const closesAt = new Date(AT.getTime() + roundMs);
        let tries: Tries | null = null;
        let now = AT;
        let count = 0;
        for (;;) {
          const next = triesAfter(tries, { ...failed, at: now }, closesAt, {
            ...limits,
            mostTries,
          });
          if (next === null) break;
          count += 1;
          expect(next.count).toBe(count);
          const nextAt = new Date(next.nextAt);
          expect(nextAt.getTime() - now.getTime()).toBeLessThanOrEqual(1_800_000);
          expect(nextAt < closesAt).toBe(true);
          [tries, now] = [next, nextAt];
        }
        expect(count).toBeLessThan(mostTries);
      }),
    );
  });
});
