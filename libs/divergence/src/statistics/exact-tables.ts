import { tailAt, type NullDistribution } from './null-distribution.js';
import { nullOfTables, scoreOfTable } from './tables.js';

/** How many distributions are kept; a round with hundreds of facts has some dozens. */
const MAX_KEPT = 10_000;

/** What was counted out already: it depends on margins alone, and hundreds of facts share those. */
export class ExactTables {
  readonly #known = new Map<string, NullDistribution | null>();
  readonly #cuts = new Map<string, readonly number[]>();
  readonly #chances = new Map<string, number>();

  /** Gives the distribution of tables of these margins; null where it is too much work. */
  of(rows: readonly number[], columns: readonly number[]): NullDistribution | null {
    const [a, b] = [sorted(rows), sorted(columns)];
    return kept(this.#known, `${a.join(',')};${b.join(',')}`, () => nullOfTables(a, b));
  }

  /**
   * Gives the p of each way in which the lowest `below` units can fall into clusters of these sizes:
   * indexed as a number whose digits are the counts, of the bases size + 1. Ways that have another
   * sum than `below` get 1.
   */
  ofCut(sizes: readonly number[], below: number): readonly number[] {
    return kept(this.#cuts, `${sizes.join(',')};${below}`, () => this.#countCut(sizes, below));
  }

  /** Gives the number that is known by a name, or makes it. */
  chance(name: string, make: () => number): number {
    return kept(this.#chances, name, make);
  }

  #countCut(sizes: readonly number[], below: number): readonly number[] {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const states = sizes.reduce((product, size) => product * (size + 1), 1);
    const distribution = this.of(sizes, [below, total - below]);
    return Array.from({ length: states }, (_, state) => {
      const counts = digitsOf(state, sizes);
      if (distribution === null || counts.reduce((sum, count) => sum + count, 0) !== below)
        return 1;
      const above = counts.map((count, at) => (sizes[at] ?? 0) - count);
      return tailAt(distribution, scoreOfTable([...counts, ...above]));
    });
  }
}

/** Takes a state apart into how many units of each cluster it has. */
export function digitsOf(state: number, sizes: readonly number[]): number[] {
  let rest = state;
  return sizes.map((size) => {
    const digit = rest % (size + 1);
    rest = (rest - digit) / (size + 1);
    return digit;
  });
}

function sorted(margins: readonly number[]): number[] {
  return margins.toSorted((a, b) => b - a);
}

function kept<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_KEPT) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
