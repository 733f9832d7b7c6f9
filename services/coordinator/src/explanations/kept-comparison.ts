import type { Comparison, KnownDigest } from '#libs/divergence';

/** What was found between the artifacts of two clusters, as it is kept in the database. */
export interface KeptComparison extends Comparison {
  readonly artifact: string;
  readonly leftBuilder: string;
  readonly rightBuilder: string;
  /** Of what differs, for artifacts that embed this one. */
  readonly digests: readonly KnownDigest[];
  /** False where a builder went away amid it, or its time or bytes were used up. */
  readonly isWhole: boolean;
}

/** Finds a comparison of two clusters among those that are kept. */
export function findComparison(
  kept: readonly KeptComparison[],
  artifact: string,
  [left, right]: readonly [string, string],
): KeptComparison | undefined {
  return kept.find((one) => one.artifact === artifact && one.left === left && one.right === right);
}

/** Puts newer comparisons in the place of older ones, but none that broke off for a whole one. */
export function mergeComparisons(
  kept: readonly KeptComparison[],
  newer: readonly KeptComparison[],
): readonly KeptComparison[] {
  const merged = new Map<string, KeptComparison>();
  for (const one of [...kept, ...newer]) {
    const key = `${one.artifact} ${one.left} ${one.right}`;
    const before = merged.get(key);
    if (before === undefined || one.isWhole || !before.isWhole) merged.set(key, one);
  }
  return [...merged.values()];
}
