import { CAUSES } from '../causes/catalogue.js';
import type { Cause } from '../causes/cause.js';
import type { Comparison } from '../difference.js';
import { applyOutcome } from '../experiment/apply-outcome.js';
import type { Conclusion, Observation, SeparatorGroup, Suspicion } from '../explanation.js';
import { casesOf, type RootCase } from './by-bytes.js';
import { hypothesesByNumbers } from './by-numbers.js';
import { isCut } from './coverage.js';
import { distinct, type Hypothesis } from './hypothesis.js';

/** What a conclusion is drawn from. */
export interface Evidence {
  readonly observations: readonly Observation[];
  /** As `separators` gives them; empty where there was nothing to say. */
  readonly separators: readonly SeparatorGroup[];
  /** Findings of each pair of clusters that was compared; folded, as `investigate` leaves them. */
  readonly comparisons: readonly Comparison[];
  /** Defaults to the catalogue. */
  readonly causes?: readonly Cause[];
  /** What re-builds showed, in the order in which they were made. */
  readonly outcomes?: readonly ExperimentOutcome[];
}

/** What came of a re-build that was proposed. */
export interface ExperimentOutcome {
  readonly builder: string;
  /** The fact that was changed; null where the builder built once more, unchanged. */
  readonly fact: string | null;
  /** Digest of the cluster that the builder was in. */
  readonly before: string;
  /** Digest that the re-build gave. */
  readonly after: string;
}

/** What is concluded, and what it stands on. */
export interface Concluded {
  readonly conclusion: Conclusion;
  /** What is thought to be at work, traces first; where nothing is explained, what is known of parts. */
  readonly suspicions: readonly Suspicion[];
  /** Hypotheses that are left to be told apart by an experiment; none where it is explained. */
  readonly open: readonly Pick<Suspicion, 'cause' | 'facts'>[];
}

/**
 * Draws the conclusion. Each root finding is looked up in the catalogue; what its facts rule out, and
 * what re-builds ruled out, is no hypothesis. Facts that numbers alone hold up (corrected p of at
 * most 0.01) are hypotheses as well.
 *
 * `explained`: all that differs was looked at, every root finding has exactly one cause, and no other
 * fact is held up beside them; or exactly one fact is held up, whatever the bytes leave open. `ambiguous`: more than that is
 * possible. `unexplained`: some root finding has no cause, none was seen, or not all that
 * differs was looked at, and numbers say nothing. It speaks of the clusters that were compared.
 *
 * Source: docs/decisions/0030-conclusion.md
 */
export function conclude(evidence: Evidence): Concluded {
  const { observations, separators, comparisons, causes = CAUSES } = evidence;
  const cases = casesOf(comparisons, observations, causes);
  const narrowed = cases.map((each) => ({
    ...each,
    candidates: narrowCase(each.candidates, evidence),
  }));
  const told = hypothesesByNumbers(separators, causes, cases.length > 0);
  const numbers = narrow(told, evidence);
  return weigh(preferred(narrowed, numbers), numbers, !comparisons.some(isCut));
}

function weigh(
  cases: readonly RootCase[],
  numbers: readonly Hypothesis[],
  isAllSeen: boolean,
): Concluded {
  const settled = distinct(
    cases.flatMap(({ candidates }) => (candidates.length === 1 ? candidates : [])),
  );
  const contested = distinct(
    cases.flatMap(({ candidates }) => (candidates.length > 1 ? candidates : [])),
  );
  const isOpen =
    !isAllSeen || cases.length === 0 || cases.some(({ candidates }) => candidates.length === 0);
  const traced = distinct([...settled, ...contested]);
  const rivals = numbers.filter((number) => !traced.some((cause) => areOne(cause, number)));
  if (isOpen) {
    if (numbers.length === 0) return as('unexplained', traced, contested);
    const [, another] = numbers;
    if (another === undefined && contested.length === 0)
      return as('explained', [...settled, ...rivals], []);
    return as('ambiguous', [...traced, ...rivals], distinct([...contested, ...numbers]));
  }
  if (contested.length > 0) {
    return as('ambiguous', [...traced, ...rivals], [...contested, ...rivals]);
  }
  // What needs no fact has none that could go with it: others then merely follow the same builders.
  const isFactless = settled.some((cause) => cause.isFactless);
  if (rivals.length > 0 && !isFactless) {
    return as('ambiguous', [...traced, ...rivals], [...traced, ...rivals]);
  }
  return as('explained', settled, []);
}

function as(
  conclusion: Conclusion,
  hypotheses: readonly Hypothesis[],
  open: readonly Hypothesis[],
): Concluded {
  return {
    conclusion,
    suspicions: hypotheses.map(({ suspicion }) => suspicion),
    open: open.map(({ cause, facts }) => ({ cause, facts })),
  };
}

/** Numbers that hold up tell apart what the bytes leave open. */
function preferred(
  cases: readonly RootCase[],
  numbers: readonly Hypothesis[],
): readonly RootCase[] {
  return cases.map((each) => {
    const held = each.candidates.filter(({ facts }) =>
      numbers.some(({ touches }) => facts.some((fact) => touches.has(fact))),
    );
    return held.length === 0 ? each : { ...each, candidates: held };
  });
}

function areOne(cause: Hypothesis, { touches }: Hypothesis): boolean {
  return [...cause.touches].some((fact) => touches.has(fact));
}

function narrow(
  hypotheses: readonly Hypothesis[],
  { outcomes = [], observations }: Evidence,
): readonly Hypothesis[] {
  const clusters = [...new Set(observations.map(({ cluster }) => cluster))];
  return outcomes.reduce(
    (left, outcome) => applyOutcome(left, outcome, clusters).remaining,
    hypotheses,
  );
}

/** A re-build that moved speaks of the findings that its fact can be behind, and not of the others. */
function narrowCase(candidates: readonly Hypothesis[], evidence: Evidence): readonly Hypothesis[] {
  const { outcomes = [], observations } = evidence;
  const clusters = [...new Set(observations.map(({ cluster }) => cluster))];
  return outcomes.reduce((left, outcome) => {
    const { remaining, reading } = applyOutcome(left, outcome, clusters);
    return reading === 'moved' && remaining.length === 0 ? left : remaining;
  }, candidates);
}
