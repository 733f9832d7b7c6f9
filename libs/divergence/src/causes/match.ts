import type { Comparison, Finding } from '../difference.js';
import type { FactValue, Observation } from '../explanation.js';
import { isOfOtherArtifact } from '../folding/fold.js';
import type { Cause, Told, Trace } from './cause.js';

/** Whether what a finding shows is the trace of a cause. */
export function fitsTrace(trace: Trace, finding: Finding): boolean {
  const { class: kind, difference, seenFacts } = finding;
  if (trace.isOfOtherArtifact === true && !isOfOtherArtifact(finding)) return false;
  const { classes, aspects, attributes, kinds, seen, unseen, mark } = trace;
  if (!classes.includes(kind)) return false;
  if (aspects !== undefined && !difference.aspects.some((each) => aspects.includes(each))) {
    return false;
  }
  const names = Object.keys({ ...difference.left, ...difference.right });
  if (attributes !== undefined && !names.some((name) => attributes.includes(name))) return false;
  if (kinds !== undefined && !kinds.includes(difference.kind)) return false;
  if (seen !== undefined && !seenFacts.some((fact) => seen.includes(fact))) return false;
  if (unseen !== undefined && seenFacts.some((fact) => unseen.includes(fact))) return false;
  return mark === undefined || mark.isIn(finding);
}

/**
 * Whether what the builders told rules a cause out: each of its facts that could be at work has a
 * value that builders of both clusters share, or where the value itself is written into the bytes,
 * builders with equal bytes have other values. A value that is missing speaks neither for nor
 * against; a cause without facts is never ruled out.
 */
export function isRuledOut(
  cause: Cause,
  finding: Finding,
  { left, right }: Pick<Comparison, 'left' | 'right'>,
  observations: readonly Observation[],
): boolean {
  const told: Told = (fact) => ({
    left: [...valuesIn(fact, left, observations).values()],
    right: [...valuesIn(fact, right, observations).values()],
  });
  if (cause.trace?.mark?.fits?.(finding, told) === false) return true;
  const seen = cause.facts.filter((fact) => finding.seenFacts.includes(fact));
  const facts = seen.length > 0 ? seen : cause.facts;
  if (facts.length === 0) return false;
  return facts.every((fact) => {
    const [a, b] = [left, right].map((cluster) => valuesIn(fact, cluster, observations));
    if (a === undefined || b === undefined || a.size === 0 || b.size === 0) return false;
    if ([...a.keys()].some((text) => b.has(text))) return true;
    return cause.isWritten === true && (a.size > 1 || b.size > 1);
  });
}

/** Whether a fact has values on both sides, and none in common. */
export function isParting(
  fact: string,
  { left, right }: Pick<Comparison, 'left' | 'right'>,
  observations: readonly Observation[],
): boolean {
  const [a, b] = [left, right].map((cluster) => valuesIn(fact, cluster, observations));
  if (a === undefined || b === undefined || a.size === 0 || b.size === 0) return false;
  return ![...a.keys()].some((text) => b.has(text));
}

/** The values of a fact that builders of one cluster told, by their texts; missing ones are none. */
export function valuesIn(
  fact: string,
  cluster: string,
  observations: readonly Observation[],
): ReadonlyMap<string, Exclude<FactValue, null>> {
  const values = observations
    .filter((observation) => observation.cluster === cluster)
    .map(({ facts }) => (Object.hasOwn(facts, fact) ? (facts[fact] ?? null) : null));
  // Whether a script writes `4096` as a number or as a text is no difference of machines.
  return new Map(values.filter((value) => value !== null).map((value) => [String(value), value]));
}
