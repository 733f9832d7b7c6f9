import { ExplanationReport } from '#libs/contracts';
import {
  explainArtifact,
  type ArtifactExplanation,
  type ExperimentOutcome,
  type Observation,
} from '#libs/divergence';
import { unseenClusters } from './compare-split.js';
import type { KeptComparison } from './kept-comparison.js';
import type { RoundSplits } from './round-splits.js';

/** What explanations are made of: what is logged, and what builders answered. */
export interface SplitEvidence {
  readonly found: RoundSplits;
  /** Observations of earlier rounds, by artifact. */
  readonly earlier: ReadonlyMap<string, readonly (readonly Observation[])[]>;
  readonly comparisons: readonly KeptComparison[];
  /** What re-builds showed, by artifact. */
  readonly outcomes: ReadonlyMap<string, readonly ExperimentOutcome[]>;
}

/** Explains the artifacts of a round that split. Equal evidence gives equal explanations. */
export function explainSplits({
  found: { splits, impliedBy, names },
  earlier,
  comparisons,
  outcomes,
}: SplitEvidence): readonly ExplanationReport[] {
  const told = new Map<string, ArtifactExplanation>();
  return splits.map((split) => {
    const { name, observations } = split;
    const own = comparisons.filter(({ artifact }) => artifact === name);
    const embeds = impliedBy.get(name) ?? [];
    const explanation = explainArtifact({
      artifact: name,
      observations,
      earlier: earlier.get(name) ?? [],
      comparisons: own,
      impliedBy: embeds,
      embedded: embeds.flatMap((it) => told.get(it) ?? []),
      outcomes: outcomes.get(name) ?? [],
      names,
    });
    told.set(name, explanation);
    return ExplanationReport.parse({
      ...explanation,
      compared: own.map(({ leftBuilder: left, rightBuilder: right }) => ({ left, right })),
      unseen: unseenClusters(split, comparisons),
      firstAffected: null,
    });
  });
}
