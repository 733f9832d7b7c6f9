import type { Cause } from '../causes/cause.js';
import type { Comparison } from '../difference.js';
import type { Conclusion, Observation, SeparatorGroup, Suspicion } from '../explanation.js';

/** What a conclusion is drawn from. */
export interface Evidence {
  readonly observations: readonly Observation[];
  /** As the statistics give them; empty where they had nothing to say. */
  readonly separators: readonly SeparatorGroup[];
  /** Findings of each pair of clusters that was compared. */
  readonly comparisons: readonly Comparison[];
  /** Defaults to the catalogue. */
  readonly causes?: readonly Cause[];
  /** What re-builds showed. */
  readonly outcomes?: readonly ExperimentOutcome[];
}

/** What came of a re-build that was proposed. */
export interface ExperimentOutcome {
  readonly builder: string;
  /** Null where the builder built once more, unchanged. */
  readonly fact: string | null;
  /** Digest of the cluster that the builder was in. */
  readonly before: string;
  /** Digest that the re-build gave. */
  readonly after: string;
}

/** What is concluded, and the suspicions that it stands on. */
export interface Concluded {
  readonly conclusion: Conclusion;
  readonly suspicions: readonly Suspicion[];
}

/** Draws the conclusion by the rule: `explained` by bytes or by numbers, else not. */
export function conclude(_evidence: Evidence): Concluded {
  return { conclusion: 'unexplained', suspicions: [] };
}
