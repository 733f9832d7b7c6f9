import type { NextExperiment, Observation, Suspicion } from '../explanation.js';

/** What an experiment is chosen from. */
export interface Question {
  readonly observations: readonly Observation[];
  /** What may be at work, best first; only `cause` and `facts` count. */
  readonly hypotheses: readonly Pick<Suspicion, 'cause' | 'facts'>[];
  /** Builders of which it is known that they build the same bytes twice. */
  readonly steady?: readonly string[];
  /** Names of builders for readers; ids are used where one is missing. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Proposes the re-build that tells most: first unchanged, then with one fact changed. */
export function proposeExperiment(_question: Question): NextExperiment | null {
  return null;
}
