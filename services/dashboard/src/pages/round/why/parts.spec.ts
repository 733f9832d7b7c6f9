import { expect, test } from 'vitest';
import { partsOf } from './parts.js';

test('a long list comes in parts, and nothing of it is lost', () => {
  const all = Array.from({ length: 100 }, (_, at) => at);
  const parts = partsOf(all, 8, 40);
  expect(parts.map(({ length }) => length)).toEqual([8, 40, 40, 12]);
  expect(parts.flat()).toEqual(all);
  expect(partsOf([], 8, 40)).toEqual([]);
  expect(partsOf([1], 8, 40)).toEqual([[1]]);
});
