import { logChoose, logFactorial } from './log-factorial.js';
import { CERTAIN, distributionOf, SCORE_UNIT, type NullDistribution } from './null-distribution.js';

/** Work after which a table is no longer counted out; some milliseconds. */
const MAX_STEPS = 100_000;

/** Clusters that can still take units, by what they can take; those for one unit are counted. */
interface State {
  readonly capacities: readonly number[];
  readonly ones: number;
  readonly chances: Map<number, number>;
}

/**
 * Gives the score of a table of counts: the higher, the less probable the table is among those of
 * the same margins. Each probability is a constant over the product of its cells' factorials.
 */
export function scoreOfTable(cells: Iterable<number>): number {
  let score = 0;
  for (const cell of cells) score += scoreOfCell(cell);
  return score;
}

function scoreOfCell(cell: number): number {
  return cell < 2 ? 0 : Math.round(logFactorial(cell) / SCORE_UNIT);
}

/**
 * Counts out how often chance gives each score among all tables of these margins: the exact test of
 * Fisher, Freeman and Halton. Null where that is too much work.
 *
 * It goes through the parts one by one and keeps only what the rest depends on, which is how much
 * each cluster can still take; equal clusters are interchangeable. Parts and clusters of one add
 * nothing to a score, so hundreds of them cost nothing.
 *
 * Source: Freeman and Halton, Biometrika 38 (1951) 141; Mehta and Patel, JASA 78 (1983) 427 (the
 * network over remaining margins).
 */
export function nullOfTables(
  rows: readonly number[],
  columns: readonly number[],
): NullDistribution | null {
  const [parts, clusters] = [rows, columns]
    .map((margins) => margins.filter((margin) => margin > 1).sort((a, b) => b - a))
    .sort((a, b) => b.length - a.length) as [number[], number[]];
  if (clusters.length === 0) return CERTAIN;
  let rest = rows.reduce((sum, margin) => sum + margin, 0);
  const ones = rest - clusters.reduce((sum, margin) => sum + margin, 0);
  let states: State[] = [{ capacities: clusters, ones, chances: new Map([[0, 1]]) }];
  const effort = { steps: 0 };
  for (const part of parts) {
    states = afterPart(states, part, rest, effort);
    if (effort.steps > MAX_STEPS) return null;
    rest -= part;
  }
  const chances = new Map<number, number>();
  for (const state of states) addAll(chances, state.chances, 0, 1);
  return distributionOf(chances);
}

function afterPart(
  states: readonly State[],
  part: number,
  rest: number,
  effort: { steps: number },
): State[] {
  const next = new Map<string, State>();
  for (const { capacities, ones, chances } of states) {
    const scale = -logChoose(rest, part);
    const left: number[] = [];
    const place = (at: number, remaining: number, score: number, log: number): void => {
      const capacity = capacities[at];
      if (capacity === undefined) {
        if (remaining > ones) return;
        const after = left.filter((margin) => margin > 1).sort((a, b) => b - a);
        const spent = left.filter((margin) => margin === 1).length + ones - remaining;
        const key = `${spent};${after.join(',')}`;
        const state = next.get(key) ?? { capacities: after, ones: spent, chances: new Map() };
        next.set(key, state);
        addAll(state.chances, chances, score, Math.exp(log + logChoose(ones, remaining)));
        effort.steps += chances.size;
        return;
      }
      for (let taken = 0; taken <= Math.min(capacity, remaining); taken += 1) {
        if (effort.steps > MAX_STEPS) return;
        effort.steps += 1;
        left[at] = capacity - taken;
        const ways = logChoose(capacity, taken);
        place(at + 1, remaining - taken, score + scoreOfCell(taken), log + ways);
      }
    };
    place(0, part, 0, scale);
  }
  return [...next.values()];
}

function addAll(
  to: Map<number, number>,
  from: ReadonlyMap<number, number>,
  score: number,
  factor: number,
): void {
  for (const [before, chance] of from) {
    const sum = before + score;
    to.set(sum, (to.get(sum) ?? 0) + chance * factor);
  }
}
