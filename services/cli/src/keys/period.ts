import { wholeNumber } from '../whole-number.js';

const DAY_MS = 86_400_000;
/** Five years, the longest that a period can be. */
const LONGEST_DAYS = 1830;

/**
 * Gives the period of keys that are valid from now on, to the second.
 *
 * @throws CommandError usage
 */
export function periodOf(
  days: string,
  now: Date,
): { readonly validFrom: string; readonly validUntil: string } {
  const lengthMs = wholeNumber(days, '--valid-days', 1, LONGEST_DAYS) * DAY_MS;
  const text = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
  return { validFrom: text(now.getTime()), validUntil: text(now.getTime() + lengthMs) };
}
