import { wholeNumber } from '../whole-number.js';

const DAY_MS = 86_400_000;
/** With the days before it the period stays below five years, the longest that it can be. */
const LONGEST_DAYS = 1800;
/** As long as a round can be open. */
const BEFORE_DAYS = 30;

/**
 * Gives the period of keys that are made now, to the second. It begins before now: a round that is
 * open already asks whether a key was valid when it was opened, and that a key counts from its
 * record on, the log's order says.
 *
 * @throws CommandError usage
 */
export function periodOf(
  days: string,
  now: Date,
): { readonly validFrom: string; readonly validUntil: string } {
  const length = wholeNumber(days, '--valid-days', 1, LONGEST_DAYS);
  const text = (inDays: number): string =>
    new Date(now.getTime() + inDays * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return { validFrom: text(-BEFORE_DAYS), validUntil: text(length) };
}
