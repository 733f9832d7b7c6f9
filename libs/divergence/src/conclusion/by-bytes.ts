import { formatLocation } from '#libs/manifest';
import type { Cause } from '../causes/cause.js';
import { fitsTrace, isParting, isRuledOut, valuesIn } from '../causes/match.js';
import { readable } from '../classes/readable.js';
import type { Comparison, Finding } from '../difference.js';
import type { Observation } from '../explanation.js';
import { isImplied, isOfOtherArtifact } from '../folding/fold.js';
import type { Hypothesis } from './hypothesis.js';

/** A root cause that was found in the bytes, and what of the catalogue may stand behind it. */
export interface RootCase {
  readonly finding: Finding;
  readonly candidates: readonly Hypothesis[];
}

const MAX_BECAUSE_CHARACTERS = 480;

/** Looks up each root finding in the catalogue: causes whose trace it is and that no fact rules out. */
export function casesOf(
  comparisons: readonly Comparison[],
  observations: readonly Observation[],
  causes: readonly Cause[],
): readonly RootCase[] {
  return comparisons.flatMap((comparison) =>
    comparison.findings
      .filter((finding) => !isImplied(finding) || isOfOtherArtifact(finding))
      .map((finding) => ({
        finding,
        candidates: causes
          // What was not looked at shows no trace of anything.
          .filter(() => finding.notLookedAt === undefined)
          .filter(({ trace }) => trace !== null && fitsTrace(trace, finding))
          .filter((cause) => !isRuledOut(cause, finding, comparison, observations))
          .map((cause) => hypothesisOf(cause, finding, comparison, observations)),
      })),
  );
}

function hypothesisOf(
  cause: Cause,
  finding: Finding,
  comparison: Comparison,
  observations: readonly Observation[],
): Hypothesis {
  const { id, title, remedy, facts, related = [], variesAlone = false } = cause;
  const parting = facts.filter((fact) => isParting(fact, comparison, observations));
  // Only where no fact parts them is one meant that somebody did not tell.
  const testable =
    parting.length > 0
      ? parting
      : facts.filter((fact) => isMissing(fact, comparison, observations));
  const going = related.filter((fact) => isParting(fact, comparison, observations));
  const told = [...new Set([...finding.seenFacts, ...testable, ...going])];
  const place = formatLocation(finding.difference.location);
  const because = readable(
    `${title}, as ${place} shows: ${finding.detail}`,
    MAX_BECAUSE_CHARACTERS,
  );
  return {
    ...{ cause: id, facts: testable, variesAlone, isFactless: facts.length === 0 },
    suspicion: { cause: id, facts: told, grounds: 'trace', because, remedy },
    touches: new Set([...facts, ...related, ...finding.seenFacts]),
  };
}

/** Whether nobody of one of the clusters told a fact. */
function isMissing(
  fact: string,
  { left, right }: Comparison,
  observations: readonly Observation[],
): boolean {
  return [left, right].some((cluster) => valuesIn(fact, cluster, observations).size === 0);
}
