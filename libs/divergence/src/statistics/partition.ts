import { compareText } from '#libs/encoding';
import type { FactValue } from '../explanation.js';
import { valueOf, type Sample } from './sample.js';

/** What stands for a missing value in a partition. */
export const MISSING = -1;

/** How equal values of a fact part the units of a round. */
export interface Partition {
  /** Of each unit the part it is in, parts numbered as they first appear; or MISSING. */
  readonly labels: readonly number[];
  readonly parts: number;
  /** Of each builder its value; null where it is missing. */
  readonly values: readonly FactValue[];
  /** Of each unit its number, where the fact is one of numbers; else null. */
  readonly numbers: readonly (number | null)[] | null;
}

/**
 * Parts the units of a round by the values of one fact. Values are compared as texts: whether a
 * script writes `4096` as a number or as a text is no difference of machines. A unit whose builders
 * differ in the fact has all their values together as a value of its own.
 */
export function partitionBy(sample: Sample, name: string): Partition {
  const values = sample.observations.map((observation) => valueOf(observation, name));
  const labelOf = new Map<string, number>();
  const labels: number[] = [];
  const numbers: (number | null)[] = [];
  let isNumeric = true;
  for (const { members } of sample.units) {
    const value =
      members.length === 1
        ? (values[members[0] ?? 0] ?? null)
        : together(members.map((member) => values[member] ?? null));
    if (value === null) {
      labels.push(MISSING);
      numbers.push(null);
      continue;
    }
    if (typeof value !== 'number') isNumeric = false;
    else numbers.push(value);
    const text = String(value);
    const label = labelOf.get(text) ?? labelOf.size;
    if (label === labelOf.size) labelOf.set(text, label);
    labels.push(label);
  }
  return { labels, parts: labelOf.size, values, numbers: isNumeric ? numbers : null };
}

function together(values: readonly FactValue[]): FactValue {
  const told = new Map(values.filter((value) => value !== null).map((v) => [String(v), v]));
  const [[, only] = ['', null], ...others] = told;
  return others.length === 0 ? only : JSON.stringify([...told.keys()].sort(compareText));
}

/** Names a partition, missing values included: facts of one name part alike. */
export function keyOf(labels: readonly number[]): string {
  return labels.join(',');
}

/** Numbers parts anew, in the order in which they appear. */
export function renumber(labels: readonly number[]): number[] {
  const known = new Map<number, number>();
  return labels.map((label) => {
    if (label === MISSING) return MISSING;
    const renumbered = known.get(label) ?? known.size;
    known.set(label, renumbered);
    return renumbered;
  });
}
