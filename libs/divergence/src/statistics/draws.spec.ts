import { describe, expect, it } from 'vitest';
import { seededChance } from './chance.js';
import { drawnP, scoreOf } from './draws.js';
import { tailAt } from './null-distribution.js';
import { allSteps } from './steps.js';
import { nullOfTables } from './tables.js';

/** One unit for each count of a table. */
function unitsOf(table: readonly (readonly number[])[]) {
  const pairs = table.flatMap((row, label) =>
    row.flatMap((count, cluster) => Array.from({ length: count }, () => [label, cluster] as const)),
  );
  return { labels: pairs.map(([label]) => label), clusters: pairs.map(([, cluster]) => cluster) };
}

// Job satisfaction by income, four by four; R's fisher.test gives 0.7827.
const SATISFACTION = unitsOf([
  [1, 2, 1, 0],
  [3, 3, 6, 1],
  [10, 10, 14, 9],
  [6, 7, 12, 11],
]);

describe('drawnP', () => {
  it('comes near the exact p of a table too large to be counted out', () => {
    expect(nullOfTables([4, 13, 43, 36], [20, 22, 33, 21])).toBeNull();
    const estimates = Array.from({ length: 40 }, (_, seed) =>
      allSteps(drawnP([SATISFACTION], seededChance(seed))),
    );
    const mean = estimates.reduce((sum, p) => sum + p, 0) / estimates.length;
    expect(mean).toBeGreaterThan(0.74);
    expect(mean).toBeLessThan(0.85);
  });

  it('is never zero, and on the average never below the exact p', () => {
    const perfect = unitsOf([
      [5, 0],
      [0, 5],
    ]);
    const exact = tailAt(nullOfTables([5, 5], [5, 5])!, scoreOf(perfect));
    const estimates = Array.from({ length: 100 }, (_, seed) =>
      allSteps(drawnP([perfect], seededChance(seed))),
    );
    const mean = estimates.reduce((sum, p) => sum + p, 0) / estimates.length;
    expect(exact).toBeCloseTo(2 / 252, 12);
    expect(mean).toBeGreaterThanOrEqual(exact);
    expect(mean).toBeLessThan(exact * 1.3);
  });

  it('gives the same p for the same beginning', () => {
    const [one, other] = [seededChance(5), seededChance(5)];
    expect(allSteps(drawnP([SATISFACTION], one))).toBe(allSteps(drawnP([SATISFACTION], other)));
  });
});
