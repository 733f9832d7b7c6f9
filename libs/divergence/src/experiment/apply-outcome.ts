import type { ExperimentOutcome } from '../conclusion/conclude.js';
import type { Suspicion } from '../explanation.js';

/** What a re-build left of the hypotheses. */
export interface Narrowed<Hypothesis> {
  readonly remaining: readonly Hypothesis[];
  readonly ruledOut: readonly Hypothesis[];
  /** What the re-build did. `itself`: unchanged, and yet other bytes than before. */
  readonly reading: 'same' | 'itself' | 'moved' | 'stayed' | 'new';
}

/**
 * Feeds the outcome of a re-build back. `clusters` are the digests of the split.
 */
export function applyOutcome<Hypothesis extends Pick<Suspicion, 'cause' | 'facts'>>(
  hypotheses: readonly Hypothesis[],
  _outcome: ExperimentOutcome,
  _clusters: readonly string[],
): Narrowed<Hypothesis> {
  return { remaining: hypotheses, ruledOut: [], reading: 'same' };
}
