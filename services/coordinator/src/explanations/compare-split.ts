import { comparedClusters, type KnownDigest } from '#libs/divergence';
import type { ArtifactAsker } from './artifact-asker.js';
import type { AskingBudget } from './asking-budget.js';
import { comparePair } from './compare-pair.js';
import { faultOf, unwalked } from './faults.js';
import {
  failedBuilders,
  findComparison,
  mergeComparisons,
  type KeptComparison,
} from './kept-comparison.js';
import { hasUntried, mayBeWhole, type AnsweringCluster } from './later-looks.js';
import { findRepresentative, isOfBuilder } from './representative.js';
import type { SplitArtifact, SplitCluster } from './split-artifacts.js';

/** Clusters of one artifact whose bytes are looked at: the largest is held against the others. */
const MAX_CLUSTERS = 5;

/** What a look at the bytes came to. */
export interface Compared {
  readonly comparisons: readonly KeptComparison[];
  /** Whether another look may tell more. */
  readonly mayLater: boolean;
}

/** How builders are asked at one look. */
export interface Asking {
  readonly budget: AskingBudget;
  readonly askerOf: (artifact: string, builder: string, budget: AskingBudget) => ArtifactAsker;
  /** Told all comparisons as soon as one is made: what comes after it may fail, or never end. */
  readonly keep: (comparisons: readonly KeptComparison[]) => Promise<void>;
  /** Told why a comparison could not be made. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Compares the artifacts of clusters by one builder of each; what was compared before is not asked for
 * again. Artifacts that others embed come first, so that what they bring with them is known. Each pair
 * has its share of the time and the bytes, and what broke off before is tried last, by other builders
 * than those it broke off by.
 */
export async function compareSplits(
  splits: readonly SplitArtifact[],
  kept: readonly KeptComparison[],
  asking: Asking,
): Promise<Compared> {
  let comparisons = kept;
  let mayLater = false;
  const preferred = new Set(
    kept.flatMap(({ isWhole, leftBuilder, rightBuilder }) =>
      isWhole ? [leftBuilder, rightBuilder] : [],
    ),
  );
  const open = splits.filter((split) => !isDone(split.name, looked(split), comparisons));
  let parts = open.reduce((sum, split) => sum + looked(split).length, 0);
  for (const split of open) {
    let left: AnsweringCluster | null = null;
    const failed = failedBuilders(kept, split.name);
    for (const cluster of inOrder(split, kept)) {
      const share = asking.budget.share(parts);
      parts -= 1;
      if (left !== null && isKept(split.name, left, cluster, comparisons)) continue;
      const { found, mayLater: isAway } = await findRepresentative(cluster, {
        ...{ preferred, failed },
        askerOf: (builder) => asking.askerOf(split.name, builder, share),
      });
      mayLater ||= isAway && found === null;
      if (found === null) continue;
      const hasOthers = isAway || hasUntried(cluster, found, failed);
      const right: AnsweringCluster = { ...found, digest: cluster.digest, hasOthers };
      preferred.add(right.member.builder);
      if (left === null) {
        left = right;
        continue;
      }
      const digests = knownDigests(splits, comparisons, split.name, left, right);
      const asked = { ...left, asker: left.asker.on(share) };
      const pair = { artifact: split.name, left: asked, right, digests };
      let compared: KeptComparison;
      try {
        compared = await comparePair(pair, share);
      } catch (error) {
        if (!isOfBuilder(error)) throw error;
        asking.onFailure(error);
        compared = unwalked(pair, faultOf(error, pair));
      }
      comparisons = mergeComparisons(comparisons, [compared]);
      mayLater ||= mayBeWhole(compared, [asked, right], share);
      for (const builder of compared.failed ?? []) preferred.delete(builder);
      await asking.keep(comparisons);
    }
  }
  return { comparisons, mayLater };
}

/** Digests of the clusters of a split that were not held against the others yet, or never will be. */
export function unseenClusters(
  { name, clusters }: SplitArtifact,
  comparisons: readonly KeptComparison[],
): readonly string[] {
  const seen = comparedClusters(comparisons.filter(({ artifact }) => artifact === name));
  return clusters.flatMap(({ digest }) => (seen.has(digest) ? [] : [digest]));
}

/** Clusters whose bytes are looked at. */
function looked({ clusters }: SplitArtifact): readonly SplitCluster[] {
  return clusters.slice(0, MAX_CLUSTERS);
}

/** The largest first, against which the others are held; those that broke off before at the end. */
function inOrder(split: SplitArtifact, kept: readonly KeptComparison[]): readonly SplitCluster[] {
  const [first, ...others] = looked(split);
  const broken = new Set(
    kept.flatMap(({ artifact, right, isWhole }) =>
      artifact === split.name && !isWhole ? [right] : [],
    ),
  );
  const last = others.toSorted(
    (a, b) => Number(broken.has(a.digest)) - Number(broken.has(b.digest)),
  );
  return first === undefined ? [] : [first, ...last];
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
  left: AnsweringCluster,
  right: SplitCluster,
  kept: readonly KeptComparison[],
): boolean {
  return findComparison(kept, artifact, [left.digest, right.digest])?.isWhole === true;
}

/** What else the two builders did not build alike, under the name of the artifact that it is in. */
function knownDigests(
  splits: readonly SplitArtifact[],
  comparisons: readonly KeptComparison[],
  artifact: string,
  left: AnsweringCluster,
  right: AnsweringCluster,
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
