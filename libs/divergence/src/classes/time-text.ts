/** A time as a text tells it. */
export interface ToldTime {
  /** Seconds since 1970 as if the text were in UTC; null where there is no date. */
  readonly seconds: number | null;
  /** Whether a time of day is told; a date alone tells nothing of time zones. */
  readonly hasClock: boolean;
  /** Whether it is a bare number, which may as well be something else. */
  readonly isNumber: boolean;
}

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';
const CLOCK = '\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?';
const ZONE = '(?: ?(?:z|utc|gmt|[a-z]{3,4}|[+-]\\d{2}:?\\d{2}))?';
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?';

/** What reads like a time, for an expression that ignores case. */
export const TIME_SOURCE = [
  `\\b\\d{4}[-/]\\d{2}[-/]\\d{2}(?:[t ]${CLOCK}(?:z|utc|gmt| ?[+-]\\d{2}:?\\d{2}| utc| gmt)?)?`,
  // 2 Jan 2026 03:04:05 +0000
  `\\b${WEEKDAY}\\d{1,2}[ -]${MONTH}[ -]\\d{4}(?: ${CLOCK}${ZONE})?`,
  // Fri Jan  2 03:04:05 UTC 2026, Jan 2 2026
  `\\b${WEEKDAY}${MONTH} {1,2}\\d{1,2}(?:,? ${CLOCK}${ZONE} \\d{4}|,? \\d{4}(?: ${CLOCK})?)`,
  '\\b20\\d{6}t?\\d{6}z?\\b',
  '\\b20\\d{2}[01]\\d[0-3]\\d\\b',
  `\\b\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?\\b`,
  '\\b1\\d{9}(?:\\.\\d{1,9}|\\d{3}(?:\\d{6})?)?\\b',
].join('|');

const NUMBER = /^(1\d{9})(?:\.\d+|\d{3}(?:\d{6})?)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})z?)?$/i;
const NUMERIC = /^(\d{4})[-/](\d{2})[-/](\d{2})/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Reads a time that `TIME_SOURCE` found; null for a day or an hour that does not exist. */
export function readTime(text: string): ToldTime | null {
  const number = NUMBER.exec(text);
  if (number !== null) return { seconds: Number(number[1]), hasClock: true, isNumber: true };
  const compact = COMPACT.exec(text);
  if (compact !== null) {
    const [, year, month, day, hour, minute, second] = compact.map(Number);
    const clock =
      hour === undefined || Number.isNaN(hour) ? null : [hour, minute ?? 0, second ?? 0];
    return told(year, month, day, clock);
  }
  const numeric = NUMERIC.exec(text);
  const clock = clockOf(text);
  if (numeric !== null) {
    return told(Number(numeric[1]), Number(numeric[2]), Number(numeric[3]), clock);
  }
  const named = /[a-z]{3,}/gi;
  const month = (text.match(named) ?? [])
    .map((word) => MONTHS.indexOf(word.slice(0, 3).toLowerCase()))
    .find((index) => index >= 0);
  if (month === undefined) return clock === null ? null : { ...NO_DATE };
  const year = /\b\d{4}\b(?!:)/.exec(text.replace(/[+-]\d{4}/, ''));
  const day = /(?<![\d:])\d{1,2}(?![\d:])/.exec(text);
  return told(Number(year?.[0]), month + 1, Number(day?.[0]), clock);
}

const NO_DATE: ToldTime = { seconds: null, hasClock: true, isNumber: false };

function told(
  year: number | undefined,
  month: number | undefined,
  day: number | undefined,
  clock: readonly number[] | null,
): ToldTime | null {
  const [hour = 0, minute = 0, second = 0] = clock ?? [];
  const at = new Date(Date.UTC(year ?? NaN, (month ?? NaN) - 1, day ?? NaN, hour, minute, second));
  const isThere =
    at.getUTCMonth() + 1 === month && at.getUTCDate() === day && hour < 24 && minute < 60;
  if (!isThere) return null;
  return { seconds: at.getTime() / 1000, hasClock: clock !== null, isNumber: false };
}

function clockOf(text: string): readonly number[] | null {
  const match = /(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text);
  return match === null ? null : [match[1], match[2], match[3] ?? 0].map(Number);
}
