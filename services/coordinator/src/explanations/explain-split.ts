import { explainArtifact, type ExperimentOutcome, type Observation } from '#libs/divergence';
import { ExplanationReport } from '#libs/contracts';
import { unseenClusters } from './compare-split.js';
import type { KeptComparison } from './kept-comparison.js';
import type { SplitArtifact } from './split-artifacts.js';

/** What an explanation is made of: what is logged, and what builders answered. */
export interface SplitEvidence {
  readonly split: SplitArtifact;
  readonly earlier: readonly (readonly Observation[])[];
  readonly comparisons: readonly KeptComparison[];
  /** Artifacts that split too and that this one embeds. */
  readonly impliedBy: readonly string[];
  readonly outcomes: readonly ExperimentOutcome[];
  readonly names: Readonly<Record<string, string>>;
}

/** Explains one artifact's split, in the report's shape. Equal evidence gives an equal explanation. */
export function explainSplit(evidence: SplitEvidence): ExplanationReport {
  const { split, earlier, impliedBy, outcomes, names } = evidence;
  const comparisons = evidence.comparisons.filter(({ artifact }) => artifact === split.name);
  const explanation = explainArtifact({
    artifact: split.name,
    observations: split.observations,
    earlier,
    comparisons,
    impliedBy,
    outcomes,
    names,
  });
  return ExplanationReport.parse({
    ...explanation,
    compared: comparisons.map(({ leftBuilder, rightBuilder }) => ({
      left: leftBuilder,
      right: rightBuilder,
    })),
    unseen: unseenClusters(split, evidence.comparisons),
    firstAffected: null,
  });
}
