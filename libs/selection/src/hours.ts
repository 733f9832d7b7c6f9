import type { Hours } from './candidate.js';

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;

/**
 * Says for how long a machine is not there yet: 0 within its hours, else the milliseconds until they
 * begin; null where they cannot be read.
 *
 * @param at milliseconds since 1970
 */
export function waitUntilHours({ from, to, timeZone }: Hours, at: number): number | null {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const now = minutesIn(timeZone, at);
  if (start === null || end === null || now === null) return null;
  // Hours from a time to the same are the whole day.
  const lengthMinutes = (end - start + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const sinceStart = (now - start + DAY_MINUTES) % DAY_MINUTES;
  return sinceStart < lengthMinutes ? 0 : (DAY_MINUTES - sinceStart) * MINUTE_MS;
}

function minutesOf(time: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

function minutesIn(timeZone: string, at: number): number | null {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    });
    return minutesOf(format.format(at));
  } catch (error) {
    // The only complaint that there is: a zone by a name that this machine does not know.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
