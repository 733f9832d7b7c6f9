import type { ExperimentOutcome } from '../conclusion/conclude.js';
import type { Suspicion } from '../explanation.js';

/** What a re-build left of the hypotheses. */
export interface Narrowed<Hypothesis> {
  /** As before, but for facts that can no longer be meant. */
  readonly remaining: readonly Hypothesis[];
  readonly ruledOut: readonly Hypothesis[];
  /**
   * What the re-build did: `same` or `itself` where nothing was changed (`itself`: other bytes, and
   * yet the same machine); `stayed`, `moved` to another cluster, or something `new`, where a fact was.
   */
  readonly reading: 'same' | 'itself' | 'stayed' | 'moved' | 'new';
}

/** What came of a re-build, with what nobody could keep as it was. */
export interface RebuildOutcome extends ExperimentOutcome {
  /**
   * Facts that changed beside the one that was to be: those of the same thing, and those that nobody can
   * keep as they are, such as a cache that is warm by now; default: none.
   */
  readonly along?: readonly string[];
}

/** A hypothesis as experiments see it. */
export interface Testable extends Pick<Suspicion, 'cause' | 'facts'> {
  /** Whether two builds of one machine differ by it, as by a random id; default: no. */
  readonly variesAlone?: boolean;
}

/**
 * Feeds the outcome of a re-build back; `clusters` are the digests of the split.
 *
 * - `same`: what varies alone, and with no fact, is ruled out.
 * - `itself`: suspect the build before the machine: only what varies alone, or needs no fact, remains,
 *   and what names a fact that nobody could keep, with such facts alone.
 * - `stayed`: the fact is struck from the hypotheses; those that name no other are ruled out.
 * - `moved`: those that name the fact remain, with it alone; as do those that name one that went along.
 * - `new`: the fact has a say and is not all, so nothing can be ruled out.
 */
export function applyOutcome<Hypothesis extends Testable>(
  hypotheses: readonly Hypothesis[],
  outcome: RebuildOutcome,
  clusters: readonly string[],
): Narrowed<Hypothesis> {
  const reading = readingOf(outcome, clusters);
  const narrowed = hypotheses.map((before) => ({
    before,
    after: narrow(before, reading, outcome),
  }));
  return {
    reading,
    remaining: narrowed.flatMap(({ after }) => after ?? []),
    ruledOut: narrowed.flatMap(({ before, after }) => (after === null ? before : [])),
  };
}

function readingOf(
  { fact, before, after }: ExperimentOutcome,
  clusters: readonly string[],
): Narrowed<never>['reading'] {
  if (fact === null) return after === before ? 'same' : 'itself';
  if (after === before) return 'stayed';
  return clusters.includes(after) ? 'moved' : 'new';
}

function narrow<Hypothesis extends Testable>(
  hypothesis: Hypothesis,
  reading: Narrowed<never>['reading'],
  { fact, along = [] }: RebuildOutcome,
): Hypothesis | null {
  const { facts, variesAlone = false } = hypothesis;
  const isNamed = fact !== null && facts.includes(fact);
  switch (reading) {
    case 'same':
      // Jobs may come in another order with each build, or in one that their number decides.
      return variesAlone && facts.length === 0 ? null : hypothesis;
    case 'itself': {
      if (variesAlone || facts.length === 0) return hypothesis;
      const changed = facts.filter((other) => along.includes(other));
      return changed.length > 0 ? { ...hypothesis, facts: changed } : null;
    }
    case 'stayed': {
      if (!isNamed) return hypothesis;
      return facts.length > 1
        ? { ...hypothesis, facts: facts.filter((other) => other !== fact) }
        : null;
    }
    case 'moved': {
      const changed = facts.filter((other) => other === fact || along.includes(other));
      return changed.length > 0 ? { ...hypothesis, facts: changed } : null;
    }
    case 'new':
      return hypothesis;
  }
}
