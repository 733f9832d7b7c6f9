import type { KnownDigest } from '#libs/divergence';
import type { ArtifactAsker } from './artifact-asker.js';
import type { AskingBudget } from './asking-budget.js';
import { comparePair } from './compare-pair.js';
import { findComparison, mergeComparisons, type KeptComparison } from './kept-comparison.js';
import { findRepresentative, isOfBuilder, type Representative } from './representative.js';
import { QuestionFailed } from './question-failed.js';
import type { SplitArtifact, SplitCluster } from './split-artifacts.js';

/** Clusters of one artifact whose bytes are looked at: the largest is held against the others. */
export const MAX_CLUSTERS = 5;

/** What a look at the bytes came to. */
export interface Compared {
  readonly comparisons: readonly KeptComparison[];
  /** Whether another look may tell more. */
  readonly mayLater: boolean;
}

/** How builders are asked at one look. */
export interface Asking {
  readonly budget: AskingBudget;
  readonly askerOf: (artifact: string, builder: string) => ArtifactAsker;
  /** Told why a comparison could not be made. */
  readonly onFailure: (error: unknown) => void;
}

type Answering = Representative & { readonly digest: string };

/**
 * Compares the artifacts of clusters by one builder of each; what was compared before is not asked for
 * again. Artifacts that others embed come first, so that what they bring with them is known.
 */
export async function compareSplits(
  splits: readonly SplitArtifact[],
  kept: readonly KeptComparison[],
  asking: Asking,
): Promise<Compared> {
  let comparisons = kept;
  let mayLater = false;
  const preferred = new Set(kept.flatMap((it) => [it.leftBuilder, it.rightBuilder]));
  for (const split of splits) {
    const clusters = split.clusters.slice(0, MAX_CLUSTERS);
    if (isDone(split.name, clusters, comparisons)) continue;
    const answering: Answering[] = [];
    for (const cluster of clusters) {
      const askerOf = (builder: string): ArtifactAsker => asking.askerOf(split.name, builder);
      const found = await findRepresentative(cluster, { preferred, askerOf });
      mayLater ||= found.mayLater;
      if (found.found === null) continue;
      answering.push({ ...found.found, digest: cluster.digest });
      preferred.add(found.found.member.builder);
    }
    const [left, ...others] = answering;
    for (const right of left === undefined ? [] : others) {
      if (left === undefined || isKept(split.name, left, right, comparisons)) continue;
      const digests = knownDigests(splits, comparisons, split.name, left, right);
      try {
        const pair = { artifact: split.name, left, right, digests };
        const compared = await comparePair(pair, asking.budget);
        comparisons = mergeComparisons(comparisons, [compared]);
        mayLater ||= !compared.isWhole;
      } catch (error) {
        if (!isOfBuilder(error)) throw error;
        mayLater ||= error instanceof QuestionFailed && error.isPassing;
        asking.onFailure(error);
      }
    }
  }
  return { comparisons, mayLater };
}

/** Digests of the clusters of a split of whose bytes nothing is known yet. */
export function unseenClusters(
  { name, clusters }: SplitArtifact,
  comparisons: readonly KeptComparison[],
): readonly string[] {
  const seen = new Set(
    comparisons.flatMap(({ artifact, left, right }) => (artifact === name ? [left, right] : [])),
  );
  return clusters
    .slice(0, MAX_CLUSTERS)
    .flatMap(({ digest }) => (seen.has(digest) ? [] : [digest]));
}

function isDone(
  artifact: string,
  [first, ...others]: readonly SplitCluster[],
  kept: readonly KeptComparison[],
): boolean {
  return (
    first !== undefined &&
    others.every(
      ({ digest }) => findComparison(kept, artifact, [first.digest, digest])?.isWhole === true,
    )
  );
}

function isKept(
  artifact: string,
  left: Answering,
  right: Answering,
  kept: readonly KeptComparison[],
): boolean {
  return findComparison(kept, artifact, [left.digest, right.digest])?.isWhole === true;
}

/** What else the two builders did not build alike, under the name of the artifact that it is in. */
function knownDigests(
  splits: readonly SplitArtifact[],
  comparisons: readonly KeptComparison[],
  artifact: string,
  left: Answering,
  right: Answering,
): readonly KnownDigest[] {
  const others = splits.filter(({ name }) => name !== artifact);
  const whole = others.map(({ name }): KnownDigest => {
    const [of, to] = [left, right].map(
      ({ member }) => member.result.outputs.find((one) => one.name === name)?.sha256 ?? null,
    );
    return { location: [name], left: of ?? null, right: to ?? null };
  });
  const inside = comparisons
    .filter(({ artifact: name, leftBuilder, rightBuilder }) => {
      const isOfBoth = leftBuilder === left.member.builder && rightBuilder === right.member.builder;
      return name !== artifact && isOfBoth;
    })
    .flatMap(({ artifact: name, digests }) => digests.map((it) => ({ ...it, location: [name] })));
  return [...whole, ...inside].filter((known) => known.left !== known.right);
}
