import type { Candidate } from './candidate.js';
import type { Coverage } from './demand.js';

/** Steps after which the search for the fewest gives way to one that is merely without surplus. */
const MOST_STEPS = 20_000;

/**
 * Finds the fewest candidates that meet what is open, and among those the ones that come first in the
 * order given. Where that takes too long: some without whom it would not be met, none of them spare.
 *
 * @param ordered the preferred ones first; all of them together MUST meet it
 */
export function fewest(
  ordered: readonly Candidate[],
  start: Coverage,
  mostSteps = MOST_STEPS,
): readonly Candidate[] {
  const budget = { steps: mostSteps };
  const least = Math.max(0, ...start.open().map(({ short }) => short));
  for (let size = least; size <= ordered.length; size++) {
    const found = extend(ordered, 0, size, start, budget);
    if (found !== null) return found;
    if (budget.steps <= 0) break;
  }
  return withoutSpare(greedily(ordered, start), start);
}

/** Depth first, so that of all choices of one size the first found is the preferred one. */
function extend(
  ordered: readonly Candidate[],
  from: number,
  places: number,
  coverage: Coverage,
  budget: { steps: number },
): readonly Candidate[] | null {
  const open = coverage.open();
  if (open.length === 0) return [];
  // Nobody brings more than one mark to a demand.
  if (open.some(({ short }) => short > places)) return null;
  for (let at = from; at < ordered.length; at++) {
    const candidate = ordered[at];
    if (candidate === undefined || coverage.helped(candidate).length === 0) continue;
    budget.steps -= 1;
    if (budget.steps <= 0) return null;
    const rest = extend(ordered, at + 1, places - 1, coverage.with(candidate), budget);
    if (rest !== null) return [candidate, ...rest];
  }
  return null;
}

/** Takes whoever helps most demands, again and again; of equals the first. */
function greedily(ordered: readonly Candidate[], start: Coverage): readonly Candidate[] {
  const taken: Candidate[] = [];
  let coverage = start;
  while (coverage.open().length > 0) {
    const [first, ...others] = ordered;
    if (first === undefined) break;
    let best = first;
    for (const candidate of others) {
      if (coverage.helped(candidate).length > coverage.helped(best).length) best = candidate;
    }
    taken.push(best);
    coverage = coverage.with(best);
  }
  return taken;
}

/** Leaves out, the least preferred first, whoever the others can do without. */
function withoutSpare(taken: readonly Candidate[], start: Coverage): readonly Candidate[] {
  let kept = taken;
  for (const candidate of taken.toReversed()) {
    const others = kept.filter((other) => other !== candidate);
    const without = others.reduce((coverage, other) => coverage.with(other), start);
    if (without.open().length === 0) kept = others;
  }
  return kept;
}
