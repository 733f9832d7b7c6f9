import { describe, expect, it } from 'vitest';
import { sumOf, tailAt, type NullDistribution } from './null-distribution.js';
import { nullOfTables } from './tables.js';

/** The p of a sum of two, score by score, without their sums. */
function pOfTwo({ scores, tails }: NullDistribution, sum: number): number {
  return scores.reduce((p, score, at) => {
    const chance = (tails[at] ?? 0) - (tails[at - 1] ?? 0);
    return p + chance * tailAt({ scores, tails }, sum - score);
  }, 0);
}

describe('the sum of scores', () => {
  it('is exact where there are few', () => {
    const coin = { scores: [1, 0], tails: [0.5, 1] };
    const sum = sumOf(sumOf(coin, coin), coin);
    expect(sum).toEqual({ scores: [3, 2, 1, 0], tails: [1 / 8, 4 / 8, 7 / 8, 1] });
  });

  it('has a p that is never too small, and hardly too large, where there are too many to tell apart', () => {
    const round = nullOfTables([20, 20, 20], [31, 15, 7, 7])!;
    expect(round.scores.length).toBeGreaterThan(4000);
    const pooled = sumOf(round, round);
    expect(pooled.scores.length).toBeLessThan(5000);
    const [lowest, highest] = [round.scores.at(-1)!, round.scores[0]!].map((one) => 2 * one) as [
      number,
      number,
    ];
    for (const share of [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1]) {
      const sum = Math.round(lowest + share * (highest - lowest));
      const ratio = tailAt(pooled, sum) / pOfTwo(round, sum);
      expect(ratio).toBeGreaterThan(1 - 1e-9);
      expect(ratio).toBeLessThan(1.1);
    }
  });
});
