import type { SeparatorGroup } from '../explanation.js';
import { MISSING, keyOf } from './partition.js';
import type { Sample } from './sample.js';
import { describe, type Separation } from './separation.js';
import { SIGNIFICANCE } from './significance.js';

/**
 * Takes separations together that part the builders in the same way, in the order in which they
 * come. Of those that hold up and are perfect, one joins a group whose line it follows: where both
 * were told, one parts as the other does or more finely, as kernels do within versions of a system.
 * Nothing that these builders have shown could tell the two apart.
 */
export function groupSeparations(
  sample: Sample,
  separations: readonly Separation[],
): SeparatorGroup[] {
  const groups: [Separation, ...Separation[]][] = [];
  const byLabels = new Map<string, [Separation, ...Separation[]]>();
  for (const separation of separations) {
    const key = keyOf(separation.hypothesis.labels);
    const group =
      byLabels.get(key) ?? groups.find(([first]) => isOfOneLine(first, separation)) ?? null;
    if (group !== null) {
      group.push(separation);
      continue;
    }
    const founded: [Separation, ...Separation[]] = [separation];
    byLabels.set(key, founded);
    groups.push(founded);
  }
  const hasSoleDissenter = isSoleDissent(sample);
  return groups.map((members) => {
    const [{ hypothesis, correctedP, isPerfect, missing }] = members;
    return {
      facts: members.map((member) => describe(sample, member)),
      pValue: hypothesis.pValue,
      correctedP,
      isPerfect,
      trivial: isPerfect && hasSoleDissenter,
      missing,
      rounds: hypothesis.rounds,
    };
  });
}

function isOfOneLine(first: Separation, other: Separation): boolean {
  if (!first.isPerfect || !other.isPerfect) return false;
  const hold = [first, other].every(({ correctedP }) => correctedP <= SIGNIFICANCE);
  const isAsStrong =
    first.hypothesis.pValue === other.hypothesis.pValue && first.missing === other.missing;
  if (!hold && !isAsStrong) return false;
  const [a, b] = [first.hypothesis.labels, other.hypothesis.labels];
  return isWithin(a, b) || isWithin(b, a);
}

/** Whether each part of `fine` lies within one part of `coarse`, as far as both were told. */
function isWithin(fine: readonly number[], coarse: readonly number[]): boolean {
  const lineOf = new Map<number, number>();
  return fine.every((label, unit) => {
    const line = coarse[unit] ?? MISSING;
    if (label === MISSING || line === MISSING) return true;
    const known = lineOf.get(label) ?? line;
    lineOf.set(label, line);
    return known === line;
  });
}

function isSoleDissent({ clusters, units }: Sample): boolean {
  const sizes = clusters.map((_, at) => units.filter(({ cluster }) => cluster === at).length);
  return sizes.length === 2 && sizes.includes(1);
}

/**
 * Gives the groups that numbers alone hold up: those with a corrected p of at most 0.01. Where one
 * of them parts the clusters perfectly, one that does not, and that no more builders have told, adds
 * nothing to it, and is no rival.
 */
export function groupsThatHold(groups: readonly SeparatorGroup[]): readonly SeparatorGroup[] {
  const holding = groups.filter(({ correctedP }) => correctedP <= SIGNIFICANCE);
  const perfect = holding.filter(({ isPerfect }) => isPerfect);
  const fewest = Math.min(...perfect.map(({ missing }) => missing));
  return holding.filter(({ isPerfect, missing }) => isPerfect || missing < fewest);
}
