import type { Figure } from './benchmark.js';

/** One way to do some work. */
export interface Contender {
  readonly what: string;
  /** Does the work once. */
  readonly lap: () => unknown;
  /** How much one lap does, in `unit`. */
  readonly amount: number;
  readonly unit: string;
}

const LAPS = 7;
const SIGNIFICANT_DIGITS = 3;

/**
 * Lets ways to do the same work take turns and compares their median times. Turns, because a machine
 * that other work slows down for a second slows all of them alike; the median, because of the rest.
 * The first lap of each warms up and is not counted.
 */
export async function race(contenders: readonly Contender[]): Promise<readonly Figure[]> {
  const lapsMs = contenders.map((): number[] => []);
  for (let lap = -1; lap < LAPS; lap += 1) {
    for (const [at, contender] of contenders.entries()) {
      const startMs = performance.now();
      await contender.lap();
      if (lap >= 0) lapsMs[at]?.push(performance.now() - startMs);
    }
  }
  const rates = contenders.map(({ amount }, at) => (amount * 1000) / median(lapsMs[at] ?? []));
  return contenders.map(({ what, unit }, at) => ({
    what,
    rate: `${rounded(rates[at] ?? 0).toLocaleString('en')} ${unit}/s`,
    ratio: rounded((rates[at] ?? 0) / (rates[0] ?? 1)),
  }));
}

/** Gives the middle one of some numbers, the upper middle of an even number of them. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
