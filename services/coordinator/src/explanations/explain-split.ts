import { ExplanationReport } from '#libs/contracts';
import { explainArtifact, type ArtifactExplanation, type Observation } from '#libs/divergence';
import { unseenClusters } from './compare-split.js';
import type { Outcomes } from './experiment-outcomes.js';
import { standingComparisons, type KeptComparison } from './kept-comparison.js';
import type { RoundSplits } from './round-splits.js';
import { setAsideSentence } from './set-aside-sentence.js';

/** What explanations are made of: what is logged, and what builders answered. */
export interface SplitEvidence {
  readonly found: RoundSplits;
  /** Observations of earlier rounds, by artifact. */
  readonly earlier: ReadonlyMap<string, readonly (readonly Observation[])[]>;
  readonly comparisons: readonly KeptComparison[];
  /** What re-builds showed, by artifact. */
  readonly outcomes: ReadonlyMap<string, Outcomes>;
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
    const own = standingComparisons(comparisons, name);
    const embeds = impliedBy.get(name) ?? [];
    const explanation = explainArtifact({
      artifact: name,
      observations,
      earlier: earlier.get(name) ?? [],
      comparisons: own,
      impliedBy: embeds,
      embedded: embeds.flatMap((it) => told.get(it) ?? []),
      outcomes: outcomes.get(name)?.telling ?? [],
      names,
    });
    told.set(name, explanation);
    const sentence = setAsideSentence(outcomes.get(name)?.setAside ?? [], names);
    return ExplanationReport.parse({
      ...explanation,
      paragraph: [explanation.paragraph, ...sentence].join(' '),
      compared: own.map(({ leftBuilder: left, rightBuilder: right }) => ({ left, right })),
      unseen: unseenClusters(split, own),
      firstAffected: null,
    });
  });
}
