import { describe, expect, it } from 'vitest';
import { bestCut } from './cuts.js';
import { ExactTables } from './exact-tables.js';
import { seededChance } from './chance.js';

function arrangements(clusters: readonly number[]): number[][] {
  if (clusters.length === 0) return [[]];
  return [...new Set(clusters)].flatMap((first) => {
    const rest = clusters.toSpliced(clusters.indexOf(first), 1);
    return arrangements(rest).map((others) => [first, ...others]);
  });
}

/** The smallest p over all cuts, by Fisher's test at each. */
function bestOfCuts(numbers: readonly number[], clusters: readonly number[]): number {
  const tables = new ExactTables();
  const sizes = [...new Set(clusters)]
    .sort()
    .map((one) => clusters.filter((c) => c === one).length);
  const cuts = [...new Set(numbers)].sort((a, b) => a - b).slice(1);
  return Math.min(
    ...cuts.map((cut) => {
      const below = clusters.filter((_, unit) => numbers[unit]! < cut);
      const [a, b] = [0, 1, 2].map((one) => below.filter((cluster) => cluster === one).length);
      const c = below.length - a! - b!;
      const state = a! + b! * (sizes[0]! + 1) + c * (sizes[0]! + 1) * (sizes[1]! + 1);
      return tables.ofCut(sizes, below.length)[state]!;
    }),
  );
}

describe('bestCut', () => {
  it('pays for the choice of the cut: of ten numbers, five and five part in two ways of 252', () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const cut = bestCut(numbers, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], new ExactTables())!;
    expect(cut.pValue).toBeCloseTo(2 / 252, 12);
    expect(cut.smallestP).toBeCloseTo(2 / 252, 12);
    expect(cut.sides).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });

  it.each([
    [
      [1, 2, 3, 4, 5, 6, 7],
      [0, 0, 0, 0, 1, 1, 1],
    ],
    [
      [1, 1, 2, 2, 3, 4, 4, 9],
      [0, 0, 0, 0, 0, 1, 1, 1],
    ],
    [
      [5, 4, 4, 4, 1, 1, 7],
      [0, 0, 0, 1, 1, 2, 2],
    ],
  ])('gives what trying all assignments gives: %j', (numbers, clusters) => {
    const all = arrangements(clusters).map((arranged) => bestOfCuts(numbers, arranged));
    for (const arranged of arrangements(clusters).slice(0, 40)) {
      const best = bestOfCuts(numbers, arranged);
      const asGood = all.filter((other) => other <= best * (1 + 1e-9)).length;
      const cut = bestCut(numbers, arranged, new ExactTables())!;
      expect(cut.pValue).toBeCloseTo(asGood / all.length, 10);
      expect(cut.smallestP).toBeLessThanOrEqual(cut.pValue * (1 + 1e-9));
    }
  });

  it('is no more often significant than it says, whatever the numbers', () => {
    const [chance, tables] = [seededChance(7), new ExactTables()];
    let hits = 0;
    for (let round = 0; round < 2000; round += 1) {
      const numbers = Array.from({ length: 10 }, () => Math.floor(chance() * 12));
      const clusters = numbers.map((_, at) => (at < 2 ? at : chance() < 0.5 ? 0 : 1));
      if ((bestCut(numbers, clusters, tables)?.pValue ?? 1) <= 0.05) hits += 1;
    }
    expect(hits).toBeLessThan(0.06 * 2000);
  });

  it('leaves many clusters alone', () => {
    const numbers = Array.from({ length: 24 }, (_, at) => at);
    const clusters = numbers.map((at) => at % 12);
    expect(bestCut(numbers, clusters, new ExactTables())).toBeNull();
  });
});
