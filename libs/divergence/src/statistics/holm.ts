import { SIGNIFICANCE } from './significance.js';

/** One hypothesis that was tested: facts that part alike are one. */
export interface Tested {
  readonly pValue: number;
  /** The smallest p that could have come out, given the margins. */
  readonly smallestP: number;
}

/** Counts the hypotheses that could have been significant at all. */
export function countTestable(tested: readonly Tested[]): number {
  return tested.filter(({ smallestP }) => smallestP <= SIGNIFICANCE).length;
}

/**
 * Corrects the p of hypotheses for how many of them there are, by Holm's steps. What could not have
 * been significant however well it parted, such as a fact with a value of its own for each builder,
 * is no attempt and makes the others no dearer; its own p is multiplied by the number of all.
 *
 * Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65; Tarone, Biometrics 46 (1990) 515
 * (hypotheses of discrete tests that cannot be significant).
 */
export function correct(tested: readonly Tested[]): number[] {
  const corrected = tested.map(({ pValue }) => Math.min(1, pValue * tested.length));
  const testable = tested
    .map(({ pValue, smallestP }, at) => ({ pValue, smallestP, at }))
    .filter(({ smallestP }) => smallestP <= SIGNIFICANCE)
    .sort((a, b) => a.pValue - b.pValue);
  let highest = 0;
  for (const [step, { pValue, at }] of testable.entries()) {
    highest = Math.max(highest, Math.min(1, pValue * (testable.length - step)));
    corrected[at] = highest;
  }
  return corrected;
}
