import type { Chance } from './chance.js';
import { bestCut } from './cuts.js';
import { drawnP, scoreOf, type Stratum } from './draws.js';
import type { ExactTables } from './exact-tables.js';
import type { Tested } from './holm.js';
import { smallestTail, sumOf, tailAt, type NullDistribution } from './null-distribution.js';
import { keyOf, MISSING, renumber, type Partition } from './partition.js';
import { bestValue } from './one-value.js';
import { tellingStrata } from './strata.js';
import type { Steps } from './steps.js';
import type { Sample } from './sample.js';

const DIGITS = 10;

/** One way to part the builders, tested against how the clusters do. */
export interface Hypothesis extends Tested {
  /** Facts with the same key are one hypothesis. */
  readonly key: string;
  /** Of each unit of this round its part, or MISSING; facts with equal ones part alike. */
  readonly labels: readonly number[];
  readonly rounds: number;
  readonly way: Way;
  /** A unit that has the value that stands apart, where one does; else null. */
  readonly apart: number | null;
}

/** How a fact parts: each value for itself, one value against all others, or a number by its size. */
export type Way = 'values' | 'one-value' | 'size';

/** What tests are made with. */
export interface Tools {
  readonly tables: ExactTables;
  readonly chance: Chance;
  /** Tests that were made, by their keys: hundreds of facts part alike. */
  readonly made: Map<string, Hypothesis | null>;
}

/** Tests how equal values of a fact go with the clusters, over all rounds that tell something. */
export function* testValues(
  samples: readonly Sample[],
  partitions: readonly Partition[],
  tools: Tools,
): Steps<Hypothesis | null> {
  const [sample, ...earlier] = samples;
  const [partition, ...before] = partitions;
  if (sample === undefined || partition === undefined || partition.parts < 2) return null;
  const strata = tellingStrata(sample, partition, earlier, before);
  const { labels } = partition;
  const key = `values ${[keyOf(labels), ...strata.map((stratum) => stratum.key)].join(';')}`;
  const known = tools.made.get(key);
  if (known !== undefined) return known;
  const [own, ...others] = strata;
  const alone = own === undefined ? null : yield* testStrata([own], tools);
  if (own === undefined || alone === null) return remembered(tools.made, key, () => null);
  const pooled = others.length === 0 ? alone : yield* testStrata(strata, tools);
  const isClean = isPure(own);
  return remembered(tools.made, key, () => ({
    key,
    labels,
    rounds: strata.length,
    ...{ way: 'values', apart: null },
    smallestP: pooled.smallestP,
    // Earlier rounds lend strength to what holds here; they cannot make up for what does not.
    pValue: isClean ? pooled.pValue : Math.max(pooled.pValue, alone.pValue),
  }));
}

/** Tests how one value against all others goes with the clusters, in this round alone. */
export function testOneValue(
  sample: Sample,
  { labels, parts }: Partition,
  tools: Tools,
): Hypothesis | null {
  // Two values part in one way only, and that was tested.
  if (parts < 3) return null;
  return remembered(tools.made, `one value ${keyOf(labels)}`, (key) => {
    const told = toldBy(sample, labels);
    if (told === null) return null;
    const toldLabels = told.units.map((unit) => labels[unit] ?? 0);
    const value = bestValue(toldLabels, told.clusters, tools.tables);
    if (value === null) return null;
    const { pValue, smallestP, sides } = value;
    const apart = told.units[sides.indexOf(0)] ?? null;
    return {
      ...{ key, labels: sidesOf(labels, told.units, sides), rounds: 1, way: 'one-value' },
      ...{ apart, pValue, smallestP },
    };
  });
}

/** Tests how the size of a number goes with the clusters, in this round alone. */
export function testSizes(
  sample: Sample,
  { labels, numbers, parts }: Partition,
  tools: Tools,
): Hypothesis | null {
  if (numbers === null || parts < 3) return null;
  const told = toldBy(sample, labels);
  if (told === null) return null;
  const toldNumbers = told.units.map((unit) => numbers[unit] ?? 0);
  return remembered(tools.made, `size ${orderKey(told.units, toldNumbers)}`, (key) => {
    const cut = bestCut(toldNumbers, told.clusters, tools.tables);
    if (cut === null) return null;
    const { pValue, smallestP, sides } = cut;
    return {
      ...{ key, labels: sidesOf(labels, told.units, sides), rounds: 1, way: 'size' },
      ...{ apart: null, pValue, smallestP },
    };
  });
}

/** The units that have told a fact and their clusters; null where those are not two at least. */
function toldBy(
  sample: Sample,
  labels: readonly number[],
): { readonly units: readonly number[]; readonly clusters: readonly number[] } | null {
  const units = labels.flatMap((label, unit) => (label === MISSING ? [] : [unit]));
  const clusters = units.map((unit) => sample.units[unit]?.cluster ?? 0);
  return new Set(clusters).size < 2 ? null : { units, clusters };
}

function sidesOf(
  labels: readonly number[],
  units: readonly number[],
  sides: readonly number[],
): number[] {
  const all = labels.map((): number => MISSING);
  for (const [at, unit] of units.entries()) all[unit] = sides[at] ?? 0;
  return renumber(all);
}

/** Two facts of one order, or of opposite ones, are cut in the same ways. */
function orderKey(told: readonly number[], numbers: readonly number[]): string {
  const levels = [...new Set(numbers)].sort((a, b) => a - b);
  const rankOf = new Map(levels.map((number, rank) => [number, rank]));
  const ranks = numbers.map((number) => rankOf.get(number) ?? 0);
  const turned = ranks.map((rank) => levels.length - 1 - rank);
  const [one, other] = [ranks.join(','), turned.join(',')];
  return `${told.join(',')};${one < other ? one : other}`;
}

function* testStrata(strata: readonly Stratum[], { tables, chance }: Tools): Steps<Tested> {
  let distribution: NullDistribution | null = null;
  for (const { labels, clusters } of strata) {
    const next = tables.of(marginsOf(labels), marginsOf(clusters));
    if (next === null) return { pValue: yield* drawnP(strata, chance), smallestP: 0 };
    distribution = distribution === null ? next : sumOf(distribution, next);
    yield;
  }
  if (distribution === null) return { pValue: 1, smallestP: 1 };
  const score = strata.reduce((sum, stratum) => sum + scoreOf(stratum), 0);
  return { pValue: tailAt(distribution, score), smallestP: smallestTail(distribution) };
}

function marginsOf(labels: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return [...sizes.values()];
}

/** Whether no value is in two clusters. */
function isPure({ labels, clusters }: Stratum): boolean {
  const clusterOf = new Map<number, number>();
  return labels.every((label, unit) => {
    const cluster = clusters[unit] ?? 0;
    const known = clusterOf.get(label) ?? cluster;
    clusterOf.set(label, cluster);
    return known === cluster;
  });
}

function remembered(
  made: Map<string, Hypothesis | null>,
  key: string,
  make: (key: string) => Hypothesis | null,
): Hypothesis | null {
  const known = made.get(key);
  if (known !== undefined) return known;
  const hypothesis = rounded(make(key));
  made.set(key, hypothesis);
  return hypothesis;
}

/** Without what rounding leaves behind: equal p, come by on other ways, have to be equal. */
function rounded(hypothesis: Hypothesis | null): Hypothesis | null {
  if (hypothesis === null) return null;
  const [pValue, smallestP] = [hypothesis.pValue, hypothesis.smallestP].map((p) =>
    Number(p.toPrecision(DIGITS)),
  ) as [number, number];
  return { ...hypothesis, pValue, smallestP };
}
