import type { Attributes } from '#libs/manifest';
import type { ClassifyContext } from './context.js';
import { areForeignTimes } from './times.js';
import { readTime } from './time-text.js';

/** Times of a node that differ, in the order in which they are told. */
export interface AttributeTimes {
  /** Those that one of the builds can have left. */
  readonly own: readonly string[];
  /** Those that neither can have left, as where a package brought them along. */
  readonly foreign: readonly string[];
}

/** Parts the times of a node by whether they are the builds' own; all are where builds' times are unknown. */
export function partTimes(
  left: Attributes,
  right: Attributes,
  context: ClassifyContext,
): AttributeTimes {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const foreign = names.filter((name) =>
    areForeignTimes(secondsOf(left[name]), secondsOf(right[name]), context),
  );
  return { own: names.filter((name) => !foreign.includes(name)), foreign };
}

/** Seconds since 1970; NaN, which is within no build, for what is no time. */
function secondsOf(value: string | number | undefined): number {
  if (value === undefined) return NaN;
  const number = Number(value);
  return Number.isNaN(number) ? (readTime(String(value))?.seconds ?? NaN) : number;
}
