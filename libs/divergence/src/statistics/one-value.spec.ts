import { describe, expect, it } from 'vitest';
import { ExactTables } from './exact-tables.js';
import { bestValue } from './one-value.js';

function arrangements(clusters: readonly number[]): number[][] {
  if (clusters.length === 0) return [[]];
  return [...new Set(clusters)].flatMap((first) => {
    const rest = clusters.toSpliced(clusters.indexOf(first), 1);
    return arrangements(rest).map((others) => [first, ...others]);
  });
}

/** The smallest p over all values, by Fisher's test of each against all others. */
function bestOfValues(labels: readonly number[], clusters: readonly number[]): number {
  const tables = new ExactTables();
  const kinds = [...new Set(clusters)].sort();
  const sizes = kinds.map((one) => clusters.filter((cluster) => cluster === one).length);
  return Math.min(
    ...[...new Set(labels)].map((label) => {
      const holding = clusters.filter((_, unit) => labels[unit] === label);
      let [state, base] = [0, 1];
      for (const [at, kind] of kinds.entries()) {
        state += base * holding.filter((cluster) => cluster === kind).length;
        base *= sizes[at]! + 1;
      }
      return tables.ofCut(sizes, holding.length)[state]!;
    }),
  );
}

describe('bestValue', () => {
  it('finds the value that stands apart, however many others there are', () => {
    const value = bestValue([0, 1, 2, 3, 4, 5, 5, 5], [0, 0, 0, 0, 0, 1, 1, 1], new ExactTables());
    expect(value?.sides).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    // By all of its values the same fact has 11/56: ten more tables are as improbable as this one.
    expect(value?.pValue).toBeCloseTo(1 / 56, 12);
  });

  it.each([
    [
      [0, 0, 0, 1, 1, 2, 3],
      [0, 0, 0, 0, 1, 1, 1],
    ],
    [
      [0, 0, 1, 1, 2, 2, 2, 3],
      [0, 0, 0, 0, 0, 1, 1, 1],
    ],
    [
      [0, 0, 0, 1, 1, 1, 2],
      [0, 0, 0, 1, 1, 2, 2],
    ],
  ])('gives what trying all assignments gives: %j', (labels, clusters) => {
    const all = arrangements(clusters).map((arranged) => bestOfValues(labels, arranged));
    for (const arranged of arrangements(clusters).slice(0, 40)) {
      const best = bestOfValues(labels, arranged);
      const asGood = all.filter((other) => other <= best * (1 + 1e-9)).length;
      const value = bestValue(labels, arranged, new ExactTables())!;
      expect(value.pValue).toBeCloseTo(asGood / all.length, 10);
      expect(value.smallestP).toBeLessThanOrEqual(value.pValue * (1 + 1e-9));
    }
  });

  it('leaves alone what is another value on each machine', () => {
    expect(bestValue([0, 1, 2, 3], [0, 0, 1, 1], new ExactTables())).toBeNull();
  });
});
