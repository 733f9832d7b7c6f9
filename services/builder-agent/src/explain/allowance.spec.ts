import { expect, test } from 'vitest';
import { Allowance } from './allowance.js';

test('what was spent comes back slowly, and never to more than there was', () => {
  let nowMs = 1_000;
  const allowance = new Allowance({ mostMs: 100, share: 0.1 }, () => nowMs);
  expect(allowance.hasLeft()).toBe(true);
  allowance.spend(150);
  expect(allowance.hasLeft()).toBe(false);
  nowMs += 490;
  expect(allowance.hasLeft()).toBe(false);
  nowMs += 20;
  expect(allowance.hasLeft()).toBe(true);
  nowMs += 1_000_000;
  allowance.spend(100);
  expect(allowance.hasLeft()).toBe(false);
});

test('who asks without end gets its share of the time, and no more', () => {
  let nowMs = 0;
  const allowance = new Allowance({ mostMs: 600, share: 0.1 }, () => nowMs);
  let spentMs = 0;
  while (nowMs < 100_000) {
    if (allowance.hasLeft()) {
      allowance.spend(50);
      spentMs += 50;
      nowMs += 50;
    } else nowMs += 1;
  }
  expect(spentMs).toBeLessThanOrEqual(600 + 100_000 * 0.1 + 50);
  expect(spentMs).toBeGreaterThan(100_000 * 0.1);
});

test('a clock that goes back gives nothing', () => {
  let nowMs = 1_000;
  const allowance = new Allowance({ mostMs: 100, share: 1 }, () => nowMs);
  allowance.spend(100);
  nowMs = 0;
  expect(allowance.hasLeft()).toBe(false);
});
