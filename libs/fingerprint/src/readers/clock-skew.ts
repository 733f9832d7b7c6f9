import { attempt } from '../attempt.js';

/**
 * Compares this machine's clock with that of hosts, by the Date of their answers to HEAD. Gives the
 * difference of the one that agrees best, in milliseconds, positive where this clock is ahead: a
 * single host whose own clock is wrong accuses nobody. `null` when none is asked or answers.
 *
 * A Date has whole seconds, so the figure is good to about half of one, and half of the time that
 * the answer took.
 *
 * Source: RFC 9110 section 6.6.1
 */
export async function readClockSkew(
  urls: readonly string[],
  timeoutMs: number,
): Promise<number | null> {
  const skews = await Promise.all(urls.map((url) => attempt(timeoutMs, () => ask(url, timeoutMs))));
  const known = skews.filter((skew) => skew !== null);
  return known.toSorted((one, other) => Math.abs(one) - Math.abs(other))[0] ?? null;
}

async function ask(url: string, timeoutMs: number): Promise<number | null> {
  const sentMs = Date.now();
  const { headers } = await fetch(url, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const midwayMs = (sentMs + Date.now()) / 2;
  const dateMs = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(dateMs) ? null : Math.round(midwayMs - (dateMs + 500));
}
