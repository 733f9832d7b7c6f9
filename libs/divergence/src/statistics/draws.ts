import type { Chance } from './chance.js';
import { SCORE_UNIT } from './null-distribution.js';
import type { Steps } from './steps.js';
import { scoreOfTable } from './tables.js';

const MAX_DRAWS = 100_000;
/** Hits after which more draws would only tell more exactly how large a large p is. */
const ENOUGH_HITS = 30;
/** Units that are dealt in one step. */
const DEALT_A_STEP = 50_000;
const ROUNDING = 1e-6 / SCORE_UNIT;
/** More than there are clusters in a round. */
const STRIDE = 1024;

/** The units of one round that have told a fact. */
export interface Stratum {
  readonly labels: readonly number[];
  readonly clusters: readonly number[];
}

/** Gives the score of how a fact parts the clusters of one round. */
export function scoreOf({ labels, clusters }: Stratum): number {
  const cells = new Map<number, number>();
  for (const [unit, label] of labels.entries()) {
    const cell = label * STRIDE + (clusters[unit] ?? 0);
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  return scoreOfTable(cells.values());
}

/**
 * Estimates the p of what is too large to be counted out: clusters are dealt anew to the units of
 * each round. Of n draws b were as extreme: p is (b + 1) / (n + 1), which never is too small on the
 * average, and never zero. Draws end early where the p is a large one anyway.
 *
 * Source: Davison and Hinkley, Bootstrap Methods (1997) 4.2; Phipson and Smyth, SAGMB 9 (2010) 39;
 * Besag and Clifford, Biometrika 78 (1991) 301 (ending early).
 */
export function* drawnP(strata: readonly Stratum[], chance: Chance): Steps<number> {
  const total = (rounds: readonly Stratum[]): number =>
    rounds.reduce((sum, stratum) => sum + scoreOf(stratum), 0);
  const found = total(strata) - ROUNDING;
  const dealt = strata.map(({ labels, clusters }) => ({ labels, clusters: [...clusters] }));
  const units = strata.reduce((sum, { clusters }) => sum + clusters.length, 0);
  const drawsAStep = Math.max(1, Math.floor(DEALT_A_STEP / units));
  let [draws, hits] = [0, 0];
  while (draws < MAX_DRAWS && hits < ENOUGH_HITS) {
    for (const { clusters } of dealt) shuffle(clusters, chance);
    draws += 1;
    if (total(dealt) >= found) hits += 1;
    if (draws % drawsAStep === 0) yield;
  }
  return (hits + 1) / (draws + 1);
}

/** Source: Durstenfeld, CACM 7 (1964) 420, after Fisher and Yates. */
function shuffle(items: number[], chance: Chance): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    const kept = items[last] ?? 0;
    items[last] = items[other] ?? 0;
    items[other] = kept;
  }
}
