import { digitsOf } from './exact-tables.js';
import { logChoose } from './log-factorial.js';

/** Ways to fill clusters after which parts are no longer tried one against all others. */
export const MAX_STATES = 1000;
/** Two p of one table can differ by what rounding does. */
export const ROUNDING = 1 + 1e-9;

/** Clusters by their sizes. How far each is filled is a number whose digits have these bases. */
export interface Sizes {
  readonly of: readonly number[];
  readonly bases: readonly number[];
}

/** Counts how many units are in each cluster, and in how many ways those can be filled. */
export function clusterSizes(clusterOf: readonly number[]): Sizes & { readonly states: number } {
  const counted: number[] = [];
  for (const cluster of clusterOf) counted[cluster] = (counted[cluster] ?? 0) + 1;
  // Clusters none of whose builders told the fact leave holes.
  const of = Array.from(counted, (size: number | undefined) => size ?? 0);
  let states = 1;
  const bases = of.map((size) => {
    const base = states;
    states *= size + 1;
    return base;
  });
  return { of, bases, states };
}

/**
 * Goes through the ways to deal `count` units to clusters that are filled as `state` says. Gives
 * each as what it adds to the state, and the logarithm of how often it comes about.
 */
export function spread(
  { of, bases }: Sizes,
  state: number,
  count: number,
  visit: (step: number, log: number) => void,
): void {
  const filled = digitsOf(state, of);
  const place = (at: number, remaining: number, step: number, log: number): void => {
    const size = of[at];
    if (size === undefined) {
      if (remaining === 0) visit(step, log);
      return;
    }
    const capacity = size - (filled[at] ?? 0);
    for (let taken = 0; taken <= Math.min(capacity, remaining); taken += 1) {
      const ways = log + logChoose(capacity, taken);
      place(at + 1, remaining - taken, step + taken * (bases[at] ?? 0), ways);
    }
  };
  place(0, count, 0, 0);
}
