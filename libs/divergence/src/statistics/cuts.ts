import { clusterSizes, MAX_STATES, ROUNDING, spread, type Sizes } from './deals.js';
import type { ExactTables } from './exact-tables.js';
import { logChoose } from './log-factorial.js';

/** What the best cut through a fact of numbers tells. */
export interface BestCut {
  /** The chance that any cut through the same numbers parts the clusters as well as this one. */
  readonly pValue: number;
  /** The smallest p that any assignment of clusters to these numbers could have. */
  readonly smallestP: number;
  /** Of each unit 0 below the cut and 1 above it. */
  readonly sides: readonly number[];
}

/**
 * Finds the cut through the numbers of units that parts their clusters best, and the p of finding
 * one as good by chance, whatever the cut: the choice among all cuts is paid for. Exact, by counting
 * the assignments none of whose cuts is as good. Null where there are too many clusters to count.
 *
 * Source: Miller and Siegmund, Biometrics 38 (1982) 1011 (maximally selected statistics); Koziol,
 * Biometrics 47 (1991) 1557 (their exact distribution by counting paths).
 */
export function bestCut(
  numbers: readonly number[],
  clusterOf: readonly number[],
  tables: ExactTables,
): BestCut | null {
  const levels = levelsOf(numbers);
  const sizes = clusterSizes(clusterOf);
  if (sizes.states > MAX_STATES || levels.length < 2) return null;
  const ties = levels.map((units) => units.length);
  let [state, below, best, bestAt] = [0, 0, Infinity, 0];
  for (const [at, units] of levels.slice(0, -1).entries()) {
    for (const unit of units) state += sizes.bases[clusterOf[unit] ?? 0] ?? 0;
    below += units.length;
    const p = tables.ofCut(sizes.of, below)[state] ?? 1;
    if (p * ROUNDING >= best) continue;
    [best, bestAt] = [p, at];
  }
  const margins = `cut ${sizes.of.join(',')};${ties.join(',')}`;
  const count = (limit: number): number =>
    tables.chance(`${margins};${limit}`, () => chanceOfCut(sizes, ties, limit, tables));
  const lowest = new Set(levels.slice(0, bestAt + 1).flat());
  return {
    pValue: count(best),
    smallestP: count(tables.chance(margins, () => smallestOfAny(sizes.of, ties, tables))),
    sides: numbers.map((_, unit) => (lowest.has(unit) ? 0 : 1)),
  };
}

/** Units by their numbers, the lowest first; those with one number are one level. */
function levelsOf(numbers: readonly number[]): (readonly number[])[] {
  const unitsOf = new Map<number, number[]>();
  for (const [unit, number] of numbers.entries()) {
    const units = unitsOf.get(number);
    if (units === undefined) unitsOf.set(number, [unit]);
    else units.push(unit);
  }
  return [...unitsOf].sort(([a], [b]) => a - b).map(([, units]) => units);
}

function smallestOfAny(
  sizes: readonly number[],
  ties: readonly number[],
  tables: ExactTables,
): number {
  let [below, smallest] = [0, 1];
  for (const tie of ties.slice(0, -1)) {
    below += tie;
    for (const p of tables.ofCut(sizes, below)) smallest = Math.min(smallest, p);
  }
  return smallest;
}

/** Gives the chance that some cut has a p of at most `limit`. */
function chanceOfCut(
  sizes: Sizes,
  ties: readonly number[],
  limit: number,
  tables: ExactTables,
): number {
  const total = sizes.of.reduce((sum, size) => sum + size, 0);
  let chances = new Map([[0, 1]]);
  let [below, dealt, hit] = [0, 0, 0];
  for (const tie of ties.slice(0, -1)) {
    below += tie;
    const ps = tables.ofCut(sizes.of, below);
    // A cut that cannot be as good is dealt together with the next.
    const best = tables.chance(`best ${sizes.of.join(',')};${below}`, () => Math.min(...ps));
    if (best > limit * ROUNDING) continue;
    const next = new Map<number, number>();
    const scale = logChoose(total - dealt, below - dealt);
    for (const [state, chance] of chances) {
      spread(sizes, state, below - dealt, (step, log) => {
        const way = chance * Math.exp(log - scale);
        next.set(state + step, (next.get(state + step) ?? 0) + way);
      });
    }
    dealt = below;
    for (const [state] of next) {
      if ((ps[state] ?? 1) > limit * ROUNDING) continue;
      // Added up instead of taken from one: differences of nearly equal numbers lose small ones.
      hit += next.get(state) ?? 0;
      next.delete(state);
    }
    chances = next;
  }
  return Math.min(1, hit);
}
