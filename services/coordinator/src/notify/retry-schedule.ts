const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * How long to wait after each try that failed, in milliseconds; after the last of them it is given up,
 * three days after the first.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks, "Deliverability and reliability"
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR],
  ...[10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
];
/** Share of a delay that chance adds: many that failed together do not come back together. */
const JITTER = 0.2;
/** However long a receiver asks to be left alone. */
const MOST_MS = 24 * HOUR;

/** What came of a try, and what chance says. */
export interface FailedTry {
  /** How often it was tried by now, at least 1. */
  readonly attempts: number;
  readonly now: Date;
  /** What the receiver asked for, in milliseconds; null where it asked for nothing. */
  readonly retryAfterMs: number | null;
  /** At least 0, less than 1. */
  readonly random: number;
}

/** Says when to try again; null to give it up. A receiver's `Retry-After` is held, up to a day. */
export function nextTry({ attempts, now, retryAfterMs, random }: FailedTry): Date | null {
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  if (delayMs === undefined) return null;
  const asked = Math.min(retryAfterMs ?? 0, MOST_MS);
  return new Date(now.getTime() + Math.max(delayMs * (1 + JITTER * random), asked));
}

/** Reads a `Retry-After`, seconds or a date, in milliseconds; null for none. Source: RFC 9110, 10.2.3 */
export function retryAfterMs(text: string | undefined, now: Date): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(at - now.getTime(), 0);
}
