import { describe, expect, test } from 'vitest';
import { ASKED_FOR_MS, nextLook } from './retry-schedule.js';

const decided = new Date('2026-01-01T00:00:00Z');

function looks(): readonly Date[] {
  const found: Date[] = [];
  let now: Date | null = decided;
  while (now !== null && found.length < 1_000) {
    found.push(now);
    now = nextLook(found.length, decided, now);
  }
  return found;
}

describe('a round whose builders are away', () => {
  test('is looked at several times within its first minute, and ever more seldom', () => {
    const times = looks().map((at) => at.getTime());
    const firstMinute = times.filter((at) => at <= decided.getTime() + 60_000);
    expect(firstMinute.length).toBeGreaterThan(3);
    const pauses = times.slice(1).map((at, nth) => at - times[nth]!);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  });

  test('is given up after a week, having cost a few dozen looks', () => {
    const last = looks().at(-1)!;
    expect(last.getTime()).toBeLessThanOrEqual(decided.getTime() + ASKED_FOR_MS);
    expect(last.getTime()).toBeGreaterThan(decided.getTime() + ASKED_FOR_MS / 2);
    expect(looks().length).toBeLessThan(50);
  });

  test('of long ago is not looked at again', () => {
    const now = new Date(decided.getTime() + ASKED_FOR_MS);
    expect(nextLook(1, decided, now)).toBeNull();
  });
});
