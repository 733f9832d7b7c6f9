import { wholeNumber } from '../whole-number.js';

const DAY_MS = 86_400_000;
/** With the days before it the period stays below five years, the longest that it can be. */
const LONGEST_DAYS = 1800;
/** As long as a round can be open. */
const BEFORE_DAYS = 30;
const USUAL_DAYS = '365';

/** From when on and until when keys are valid. */
export interface Period {
  readonly validFrom: string;
  readonly validUntil: string;
}

/**
 * Gives the period of keys that are made now, to the second; of a year where no days were typed. It begins before now: a round that is
 * open already asks whether a key was valid when it was opened, and that a key counts from its
 * record on, the log's order says.
 *
 * @throws CommandError usage
 */
export function periodOf(days: string | undefined, now: Date): Period {
  const length = wholeNumber(days ?? USUAL_DAYS, '--valid-days', 1, LONGEST_DAYS);
  const text = (inDays: number): string =>
    new Date(now.getTime() + inDays * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return { validFrom: text(-BEFORE_DAYS), validUntil: text(length) };
}

/** Gives the days that {@link periodOf} made a period of. */
export function daysOf({ validFrom, validUntil }: Period): number {
  return Math.round((Date.parse(validUntil) - Date.parse(validFrom)) / DAY_MS) - BEFORE_DAYS;
}
