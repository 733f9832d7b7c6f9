import { describe, expect, test } from 'vitest';
import { isTelling } from './telling-rebuild.js';

const salted = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe('a re-build with one fact changed', () => {
  test('tells something where the fact is another one, whatever became of the bytes', () => {
    const before = { digest: 'a', value: 4 };
    expect(isTelling(before, { digest: 'a', value: 2 })).toBe(true);
    expect(isTelling(before, { digest: 'b', value: 2 })).toBe(true);
  });

  test('tells nothing where the fact is as before: the change was not made', () => {
    const before = { digest: 'a', value: 4 };
    expect(isTelling(before, { digest: 'a', value: 4 })).toBe(false);
    expect(isTelling(before, { digest: 'b', value: 4 })).toBe(false);
  });

  test('of a salted fact rules out nothing by bytes that stayed: who knows whether it was changed', () => {
    const before = { digest: 'a', value: salted('1') };
    expect(isTelling(before, { digest: 'a', value: salted('2') })).toBe(false);
    expect(isTelling(before, { digest: 'b', value: salted('2') })).toBe(true);
  });
});
