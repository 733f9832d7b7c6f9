import type { ExactTables } from './exact-tables.js';
import { clusterSizes, MAX_STATES, ROUNDING, spread, type Sizes } from './deals.js';
import { logChoose } from './log-factorial.js';

/** What the one value that stands apart from all others tells. */
export interface BestValue {
  /** The chance that any value of the same fact stands apart as well as this one. */
  readonly pValue: number;
  /** The smallest p that any assignment of clusters to these values could have. */
  readonly smallestP: number;
  /** Of each unit 0 with the value and 1 with any other. */
  readonly sides: readonly number[];
}

/**
 * Finds the value that, against all others together, parts the clusters of units best, and the p of
 * finding one as good by chance, whatever the value: the choice is paid for. Exact, by counting the
 * assignments none of whose values is as good. Null where there are too many clusters to count.
 */
export function bestValue(
  labels: readonly number[],
  clusterOf: readonly number[],
  tables: ExactTables,
): BestValue | null {
  const sizes = clusterSizes(clusterOf);
  if (sizes.states > MAX_STATES) return null;
  const holders: number[] = [];
  const states: number[] = [];
  for (const [unit, label] of labels.entries()) {
    holders[label] = (holders[label] ?? 0) + 1;
    states[label] = (states[label] ?? 0) + (sizes.bases[clusterOf[unit] ?? 0] ?? 0);
  }
  const ps = states.map((state, label) => tables.ofCut(sizes.of, holders[label] ?? 0)[state] ?? 1);
  // Where no two machines have one value, a value is a machine.
  if (Math.max(...holders) < 2) return null;
  let best = 0;
  for (const [label, p] of ps.entries()) if (p * ROUNDING < (ps[best] ?? 1)) best = label;
  const counts = holders.toSorted((a, b) => b - a);
  const margins = `value ${sizes.of.join(',')};${counts.join(',')}`;
  const count = (limit: number): number =>
    tables.chance(`${margins};${limit}`, () => chanceOfValue(sizes, counts, limit, tables));
  const smallest = (): number =>
    Math.min(...counts.map((holding) => Math.min(...tables.ofCut(sizes.of, holding))));
  return {
    pValue: count(ps[best] ?? 1),
    smallestP: count(tables.chance(margins, smallest)),
    sides: labels.map((label) => (label === best ? 0 : 1)),
  };
}

/** Gives the chance that some value has a p of at most `limit`. */
function chanceOfValue(
  { of, bases }: Sizes,
  counts: readonly number[],
  limit: number,
  tables: ExactTables,
): number {
  let rest = of.reduce((sum, size) => sum + size, 0);
  let chances = new Map([[0, 1]]);
  let hit = 0;
  for (const count of counts) {
    const ps = tables.ofCut(of, count);
    // What cannot be as good need not be dealt: the order of dealing changes nothing.
    if (tables.chance(`best ${of.join(',')};${count}`, () => Math.min(...ps)) > limit * ROUNDING) {
      continue;
    }
    const next = new Map<number, number>();
    const scale = logChoose(rest, count);
    for (const [state, chance] of chances) {
      spread({ of, bases }, state, count, (step, log) => {
        const way = chance * Math.exp(log - scale);
        if ((ps[step] ?? 1) <= limit * ROUNDING) hit += way;
        else next.set(state + step, (next.get(state + step) ?? 0) + way);
      });
    }
    rest -= count;
    chances = next;
  }
  return Math.min(1, hit);
}
