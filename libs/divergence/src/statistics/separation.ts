import { compareText } from '#libs/encoding';
import type { FactValue, SeparatingFact } from '../explanation.js';
import type { Hypothesis } from './hypothesis.js';
import type { Partition } from './partition.js';
import type { Sample } from './sample.js';

/** A fact, and the better of the ways in which it parts. */
export interface Separation {
  readonly name: string;
  readonly partition: Partition;
  readonly hypothesis: Hypothesis;
  readonly correctedP: number;
  readonly isPerfect: boolean;
  /** Builders whose value is missing. */
  readonly missing: number;
}

/** Orders the ways of one fact: the plainer of two that part perfectly stands for it. */
export function compareWays(a: Separation, b: Separation): number {
  return (
    a.correctedP - b.correctedP ||
    Number(b.isPerfect) - Number(a.isPerfect) ||
    (a.isPerfect ? partsOf(a) - partsOf(b) : 0) ||
    compareSeparations(a, b)
  );
}

/** Orders by what tells more: corrected p, perfect ones, p, fewest missing, fewest parts, name. */
export function compareSeparations(a: Separation, b: Separation): number {
  return (
    a.correctedP - b.correctedP ||
    Number(b.isPerfect) - Number(a.isPerfect) ||
    a.hypothesis.pValue - b.hypothesis.pValue ||
    a.missing - b.missing ||
    partsOf(a) - partsOf(b) ||
    compareText(a.name, b.name)
  );
}

function partsOf({ hypothesis, partition }: Separation): number {
  return hypothesis.way === 'values' ? partition.parts : 2;
}

/** Whether each cluster has parts of its own, and at least one: builders and not units count. */
export function isPerfect(sample: Sample, partition: Partition, hypothesis: Hypothesis): boolean {
  const { observations, units, clusters } = sample;
  const { values } = partition;
  const { labels, way } = hypothesis;
  const apartValue = String(valueApart(sample, partition, hypothesis));
  const partOf = (value: string, unit: number): string =>
    way === 'values' ? value : way === 'size' ? `${labels[unit] ?? 0}` : `${value === apartValue}`;
  const clusterOf = new Map<string, string>();
  for (const [unit, { members }] of units.entries()) {
    for (const member of members) {
      const value = values[member] ?? null;
      if (value === null) continue;
      const part = partOf(String(value), unit);
      const cluster = observations[member]?.cluster ?? '';
      const known = clusterOf.get(part) ?? cluster;
      if (known !== cluster) return false;
      clusterOf.set(part, cluster);
    }
  }
  return new Set(clusterOf.values()).size === clusters.length;
}

/** Describes how a fact parts: its values cluster by cluster, and where a number is cut. */
export function describe(sample: Sample, separation: Separation): SeparatingFact {
  const { name, hypothesis, partition } = separation;
  const told = new Map(sample.clusters.map((cluster) => [cluster, new Map<string, FactValue>()]));
  for (const [at, { cluster }] of sample.observations.entries()) {
    const value = partition.values[at] ?? null;
    if (value !== null) told.get(cluster)?.set(String(value), value);
  }
  const values = [...told.values()].map((each) => [...each.values()].sort(compareValues));
  const { way, labels } = hypothesis;
  if (way === 'size') return { name, values, between: cutOf(labels, partition.numbers ?? []) };
  const apart = valueApart(sample, partition, hypothesis);
  return { name, values, ...(apart !== null && { apart }) };
}

/** The value that stands apart; null where none does. Of its operator others may have withheld it. */
function valueApart({ units }: Sample, { values }: Partition, { apart }: Hypothesis): FactValue {
  const members = apart === null ? [] : (units[apart]?.members ?? []);
  const told = members.map((member) => values[member] ?? null);
  return told.find((value) => value !== null) ?? null;
}

function compareValues(a: FactValue, b: FactValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareText(String(a), String(b));
}

function cutOf(labels: readonly number[], numbers: readonly (number | null)[]): [number, number] {
  const sides = [0, 1].map((side) =>
    numbers.filter((number, unit): number is number => number !== null && labels[unit] === side),
  );
  const [low = [], high = []] = sides.sort(([a = 0], [b = 0]) => a - b);
  return [Math.max(...low), Math.min(...high)];
}
