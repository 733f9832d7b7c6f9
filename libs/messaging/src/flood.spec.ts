import { expect, test } from 'vitest';
import { FloodGate } from './flood.js';

test('one that says too much is not heard until the second is over, and nobody else is touched', () => {
  let now = 0;
  const gate = new FloodGate(2, () => now);
  expect(['b1', 'b1', 'b1', 'b2'].map((subject) => gate.lets(subject))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  now = 999;
  expect(gate.lets('b1')).toBe(false);
  now = 1_000;
  expect(gate.lets('b1')).toBe(true);
});
