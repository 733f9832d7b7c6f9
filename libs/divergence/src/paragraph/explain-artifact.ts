import type { Comparison } from '../difference.js';
import type { ExperimentOutcome } from '../conclusion/conclude.js';
import type { ArtifactExplanation, Observation } from '../explanation.js';

/** All that is known of one artifact's split. */
export interface SplitArtifact {
  readonly artifact: string;
  /** Builders with a result of this artifact, in this round. */
  readonly observations: readonly Observation[];
  /** Those of earlier rounds of the same artifact, one list a round. */
  readonly earlier?: readonly (readonly Observation[])[];
  /** Findings between pairs of clusters; empty where no bytes could be compared. */
  readonly comparisons: readonly Comparison[];
  /** Artifacts that differ too and that this one embeds, as the verdict's `impliedBy` has them. */
  readonly impliedBy?: readonly string[];
  readonly outcomes?: readonly ExperimentOutcome[];
  /** Names of builders for readers; ids are used where one is missing. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Puts together why one artifact split: separators, findings, conclusion, next step, paragraph. */
export function explainArtifact(split: SplitArtifact): ArtifactExplanation {
  return {
    artifact: split.artifact,
    clusters: [],
    factsTried: 0,
    separators: [],
    findings: [],
    suspicions: [],
    conclusion: 'unexplained',
    next: null,
    paragraph: '',
  };
}
