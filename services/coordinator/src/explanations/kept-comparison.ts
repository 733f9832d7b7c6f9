import { comparedClusters, type Comparison, type KnownDigest } from '#libs/divergence';

/** What was found between the artifacts of two clusters, as it is kept in the database. */
export interface KeptComparison extends Comparison {
  readonly artifact: string;
  readonly leftBuilder: string;
  readonly rightBuilder: string;
  /** Of what differs, for artifacts that embed this one. */
  readonly digests: readonly KnownDigest[];
  /** False where a builder went away amid it, or its time or bytes were used up. */
  readonly isWhole: boolean;
  /** False where not even the manifests could be walked: this only says who was asked in vain. */
  readonly isWalked?: boolean;
  /** Builders by which it is not whole, at this look and those before it, the latest one last. */
  readonly failed?: readonly string[];
}

/** Finds a comparison of two clusters among those that are kept. */
export function findComparison(
  kept: readonly KeptComparison[],
  artifact: string,
  [left, right]: readonly [string, string],
): KeptComparison | undefined {
  return kept.find((one) => one.artifact === artifact && one.left === left && one.right === right);
}

/**
 * Picks what there is to tell of an artifact. One that is not whole is no longer needed where whole ones
 * hold both of its clusters together.
 */
export function standingComparisons(
  kept: readonly KeptComparison[],
  artifact: string,
): readonly KeptComparison[] {
  const own = kept.filter((one) => one.artifact === artifact && one.isWalked !== false);
  const together = comparedClusters(own.filter(({ isWhole }) => isWhole));
  return own.filter(
    ({ isWhole, left, right }) => isWhole || !together.has(left) || !together.has(right),
  );
}

/**
 * Lists the builders of an artifact by which comparisons that are still kept are not whole; those that
 * failed longest ago come first.
 */
export function failedBuilders(
  kept: readonly KeptComparison[],
  artifact: string,
): readonly string[] {
  const broken = kept.filter((one) => one.artifact === artifact && !one.isWhole);
  return [...new Set(broken.flatMap(({ failed = [] }) => failed.toReversed()))].toReversed();
}

/**
 * Puts newer comparisons in the place of older ones, but none that broke off for a whole one, and none
 * that could not be walked for one that could. Who failed before is not forgotten.
 */
export function mergeComparisons(
  kept: readonly KeptComparison[],
  newer: readonly KeptComparison[],
): readonly KeptComparison[] {
  const merged = new Map<string, KeptComparison>();
  for (const one of [...kept, ...newer]) {
    const key = `${one.artifact} ${one.left} ${one.right}`;
    const before = merged.get(key);
    if (before === undefined || one.isWhole) merged.set(key, one);
    else if (!before.isWhole) {
      const better = one.isWalked === false ? before : one;
      merged.set(key, { ...better, failed: failedIn(before, one) });
    }
  }
  return [...merged.values()];
}

function failedIn(before: KeptComparison, after: KeptComparison): readonly string[] {
  const { failed = [] } = after;
  return [...(before.failed ?? []).filter((builder) => !failed.includes(builder)), ...failed];
}
