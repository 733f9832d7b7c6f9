import { expect, test } from 'vitest';
import { ADVISORY_LOCKS } from './advisory-locks.js';

test('no two locks have one number', () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('a lock keeps its number, by which replicas of two versions exclude each other', () => {
  expect(ADVISORY_LOCKS).toEqual({
    ...{ migration: 7_207_001, log: 7_207_002, checkpoint: 7_207_003 },
    ...{ cosigning: 7_207_004, registry: 7_207_010 },
  });
});
