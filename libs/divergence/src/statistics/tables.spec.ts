import { describe, expect, it } from 'vitest';
import { smallestTail, tailAt } from './null-distribution.js';
import { nullOfTables, scoreOfTable } from './tables.js';

/** All tables of these margins by brute force: each assignment of labels once. */
function assignments(rows: readonly number[], columns: readonly number[]): number[][] {
  const parts = rows.flatMap((size, part) => Array.from({ length: size }, () => part));
  const left = [...columns];
  const found: number[][] = [];
  const cells = Array.from({ length: rows.length * columns.length }, () => 0);
  const place = (unit: number): void => {
    const part = parts[unit];
    if (part === undefined) {
      found.push([...cells]);
      return;
    }
    for (const [column, capacity] of left.entries()) {
      if (capacity === 0) continue;
      left[column] = capacity - 1;
      cells[part * columns.length + column]! += 1;
      place(unit + 1);
      cells[part * columns.length + column]! -= 1;
      left[column] = capacity;
    }
  };
  place(0);
  return found;
}

function pOf(rows: number[], columns: number[], cells: number[]): number {
  return tailAt(nullOfTables(rows, columns)!, scoreOfTable(cells));
}

describe('nullOfTables', () => {
  it("gives Fisher's p of the lady tasting tea", () => {
    expect(pOf([4, 4], [4, 4], [3, 1, 1, 3])).toBeCloseTo(34 / 70, 12);
    expect(pOf([4, 4], [4, 4], [4, 0, 0, 4])).toBeCloseTo(2 / 70, 12);
  });

  it.each([
    [
      [3, 2],
      [3, 2],
    ],
    [
      [2, 2, 1],
      [3, 2],
    ],
    [
      [4, 2, 2],
      [3, 3, 2],
    ],
    [
      [3, 1, 1, 1, 1],
      [2, 2, 1, 1, 1],
    ],
    [
      [2, 2, 2, 2],
      [5, 2, 1],
    ],
    [
      [4, 4],
      [2, 2, 2, 2],
    ],
  ])('gives what counting all assignments gives: %j by %j', (rows, columns) => {
    const scores = assignments(rows, columns).map(scoreOfTable);
    const distribution = nullOfTables(rows, columns)!;
    for (const score of new Set(scores)) {
      const extreme = scores.filter((other) => other >= score - 1000).length;
      expect(tailAt(distribution, score)).toBeCloseTo(extreme / scores.length, 12);
    }
    expect(distribution.tails.at(-1)).toBeCloseTo(1, 12);
  });

  it('finds no evidence where each builder has a value of its own', () => {
    expect(
      smallestTail(
        nullOfTables(
          Array.from({ length: 20 }, () => 1),
          [10, 10],
        )!,
      ),
    ).toBe(1);
  });

  it('knows when to give up', () => {
    const clusters = Array.from({ length: 12 }, (_, at) => 5 + at);
    expect(nullOfTables(clusters, clusters)).toBeNull();
  });
});
