import { describe, expect, it } from 'vitest';
import { correct, countTestable } from './holm.js';

describe('correct', () => {
  it('multiplies by what is left to be tested, and never goes down', () => {
    const tested = [0.004, 0.001, 0.5, 0.0011].map((pValue) => ({ pValue, smallestP: 0 }));
    const [third, first, last, second] = correct(tested);
    expect(first).toBeCloseTo(0.004, 12);
    // Holm's step gives 3 times 0.0011: what comes after is never corrected to less.
    expect(second).toBeCloseTo(0.004, 12);
    expect(third).toBeCloseTo(0.008, 12);
    expect(last).toBeCloseTo(0.5, 12);
  });

  it('leaves out what could not have been significant', () => {
    const tested = [
      { pValue: 0.001, smallestP: 0.001 },
      ...Array.from({ length: 9 }, () => ({ pValue: 0.2, smallestP: 0.2 })),
    ];
    expect(countTestable(tested)).toBe(1);
    expect(correct(tested)).toEqual([0.001, ...Array.from({ length: 9 }, () => 1)]);
  });

  it('is never more than one', () => {
    expect(correct([0.9, 0.8].map((pValue) => ({ pValue, smallestP: 0 })))).toEqual([1, 1]);
  });
});
