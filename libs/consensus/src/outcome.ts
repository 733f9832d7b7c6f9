import type { ArtifactVerdict } from './decide.js';
import type { Verdict } from './verdict.js';

/** What a set of verdicts comes to, as exit codes 0, 1 and 3 tell it. */
export type Outcome = 'satisfied' | 'not-reproduced' | 'undecided';

const OUTCOME: Readonly<Record<Verdict, Outcome>> = {
  reproduced: 'satisfied',
  contradicted: 'not-reproduced',
  split: 'not-reproduced',
  agreed: 'undecided',
  insufficient: 'undecided',
  pending: 'undecided',
  'source-unavailable': 'undecided',
};

/** Sums verdicts up: the worst first, and nothing asked is satisfied. */
export function outcomeOf(verdicts: readonly Pick<ArtifactVerdict, 'verdict'>[]): Outcome {
  const outcomes = verdicts.map(({ verdict }) => OUTCOME[verdict]);
  if (outcomes.includes('not-reproduced')) return 'not-reproduced';
  return outcomes.includes('undecided') ? 'undecided' : 'satisfied';
}

/**
 * Sums a round up by what its proposal elects; where it elects nothing that was built (a round on a
 * bare commit), by everything that was asked.
 */
export function roundOutcome(
  verdicts: readonly Pick<ArtifactVerdict, 'verdict' | 'elected'>[],
): Outcome {
  const elected = verdicts.filter((verdict) => verdict.elected);
  return outcomeOf(elected.length > 0 ? elected : verdicts);
}
