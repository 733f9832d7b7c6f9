import type { ClassifyContext, TimeSpan } from './context.js';

const DAY_SECONDS = 86_400;
// A number that is no time falls between these with a chance of one in seven.
const EARLIEST = Date.UTC(2017, 0, 1) / 1000;
const LATEST = Date.UTC(2038, 0, 1) / 1000;
/** Two builds of one release that are not known to be further apart. */
const MAX_APART_SECONDS = 400 * DAY_SECONDS;
/** Time zones are whole quarters of an hour apart, and at most 26 hours. */
const ZONE_STEP_SECONDS = 900;
const MAX_ZONE_SECONDS = 26 * 3600;

/** Whether two numbers are likely to be the seconds since 1970 at which the two sides were built. */
export function areBuildSeconds(left: number, right: number, { times }: ClassifyContext): boolean {
  if (times !== undefined) return isWithin(left, times.left) && isWithin(right, times.right);
  return [left, right].every((at) => at >= EARLIEST && at < LATEST) && areNear(left, right);
}

/** Whether neither of two dates can be a build's own, as far as the builds' times are known. */
export function areForeignTimes(left: number, right: number, { times }: ClassifyContext): boolean {
  if (times === undefined) return false;
  return !isWithin(left, times.left) && !isWithin(right, times.right);
}

/** Whether two dates read like one instant that was written in two time zones. */
export function areZonesApart(left: number, right: number): boolean {
  const apart = Math.abs(left - right);
  return apart > 0 && apart <= MAX_ZONE_SECONDS && apart % ZONE_STEP_SECONDS === 0;
}

function areNear(left: number, right: number): boolean {
  return Math.abs(left - right) <= MAX_APART_SECONDS;
}

// Clocks and time zones are set wrongly by up to a day.
function isWithin(at: number, { from, to }: TimeSpan): boolean {
  return at >= from - DAY_SECONDS && at <= to + DAY_SECONDS;
}
