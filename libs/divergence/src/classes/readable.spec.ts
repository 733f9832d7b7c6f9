import { expect, test } from 'vitest';
import { bothSides } from './readable.js';

test('both sides are shown from their beginning, however long they are', () => {
  expect(bothSides('one', 'two')).toBe('"one" on the left, "two" on the right');
  const [left, right] = ['x', 'y'].map((letter) => letter.repeat(100));
  expect(bothSides(left!, right!)).toBe(
    `"${'x'.repeat(71)}…" on the left, "${'y'.repeat(71)}…" on the right`,
  );
});

test('both sides are shown from where they differ, where they begin alike for longer than is shown', () => {
  const same = 'a'.repeat(5000);
  expect(bothSides(`${same}1bc`, `${same}2bc`)).toBe(
    `"…${'a'.repeat(16)}1bc" on the left, "…${'a'.repeat(16)}2bc" on the right`,
  );
  expect(bothSides(same, `${same}2`)).toContain(`"…${'a'.repeat(16)}" on the left`);
});
