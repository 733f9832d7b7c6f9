import type { Comparison, Finding } from '../difference.js';
import type { NotTold } from '../explanation.js';
import { isImplied } from '../folding/fold.js';

/** Whether of what differs between two clusters something is not among the findings, nor its like. */
export function isCut({ untold = 0, truncated = false }: Comparison): boolean {
  return untold > 0 || truncated;
}

/** Counts what the findings of some comparisons do not say; null where they say all there is. */
export function notToldBy(comparisons: readonly Comparison[]): NotTold | null {
  const roots = comparisons.flatMap(({ findings }) => findings.filter((each) => !isImplied(each)));
  const sum = (of: (comparison: Comparison) => number | undefined): number =>
    comparisons.reduce((total, comparison) => total + (of(comparison) ?? 0), 0);
  const told: NotTold = {
    files: placesOf(roots, 'file'),
    parts: placesOf(roots, 'part'),
    untold: sum(({ untold }) => untold),
    unlisted: sum(({ unlisted }) => unlisted),
    truncated: comparisons.some(({ truncated }) => truncated === true),
  };
  const isAll = told.files + told.parts + told.untold + told.unlisted === 0 && !told.truncated;
  return isAll ? null : told;
}

/**
 * Digests of the clusters that were held against each other, directly or by way of others: of these
 * alone can be said why they differ. Where there are several such sets, the largest, the first of equal ones.
 */
export function comparedClusters(
  comparisons: readonly Pick<Comparison, 'left' | 'right'>[],
): ReadonlySet<string> {
  let sets: ReadonlySet<string>[] = [];
  for (const { left, right } of comparisons) {
    const joined = sets.filter((set) => set.has(left) || set.has(right));
    const others = sets.filter((set) => !joined.includes(set));
    sets = [new Set([...joined.flatMap((set) => [...set]), left, right]), ...others];
  }
  return sets.reduce((most, set) => (set.size > most.size ? set : most), new Set<string>());
}

function placesOf(findings: readonly Finding[], what: Finding['notLookedAt']): number {
  const told = findings.filter(({ notLookedAt }) => notLookedAt === what);
  return new Set(told.map(({ difference }) => JSON.stringify(difference.location))).size;
}
