import { describe, expect, test } from 'vitest';
import { HitWindows } from './hit-windows.js';

describe('hits of one address', () => {
  test('are let through up to the limit, and told to wait until the window ends', () => {
    let now = 1_000;
    const windows = new HitWindows(() => now);
    const hit = () => windows.count('a', 60_000, 3);
    expect([hit(), hit(), hit()].map(({ isBlocked }) => isBlocked)).toEqual([false, false, false]);
    now += 20_000;
    expect(hit()).toMatchObject({ isBlocked: true, timeToBlockExpire: 40 });
    now += 40_000;
    expect(hit()).toMatchObject({ isBlocked: false, totalHits: 1, timeToExpire: 60 });
  });

  test('are not counted by looking, and are no business of another address', () => {
    const windows = new HitWindows(() => 0);
    expect(windows.look('a', 1_000, 1).isBlocked).toBe(false);
    windows.count('a', 1_000, 1);
    expect(windows.look('a', 1_000, 1).isBlocked).toBe(true);
    expect(windows.look('b', 1_000, 1).isBlocked).toBe(false);
  });

  test('of 10,000 wrong tries all but the first are stopped', () => {
    const windows = new HitWindows(() => 0);
    let stopped = 0;
    for (let tries = 0; tries < 10_000; tries += 1) {
      if (windows.look('a', 60_000, 20).isBlocked) stopped += 1;
      else windows.count('a', 60_000, 20);
    }
    expect(stopped).toBe(9_980);
  });
});
