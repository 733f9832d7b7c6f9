import { z } from 'zod';
import { ExclusiveHours } from '#libs/attestation';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** A zone may put its clocks forward or back meanwhile. */
const SEARCH_MINUTES = DAY_MINUTES + 180;

/** Reads hours as an operator writes them: `22:00-06:00 Europe/Zurich`. */
export const HoursText = z.string().transform((text, context): ExclusiveHours => {
  const [, from, to, timeZone] = /^(\S{5})-(\S{5}) (\S+)$/.exec(text) ?? [];
  const parsed = ExclusiveHours.safeParse({ from, to, timeZone });
  if (parsed.success && isZone(parsed.data.timeZone)) return parsed.data;
  context.addIssue({
    code: 'custom',
    message: 'expected hours and a time zone, such as 22:00-06:00 Europe/Zurich',
  });
  return z.NEVER;
});

/** Tells whether a machine is the builder's at this time. From and to alike: all day. */
export function isWithin({ from, to, timeZone }: ExclusiveHours, now: Date): boolean {
  const [start, end, at] = [minutesOf(from), minutesOf(to), minutesIn(timeZone, now)];
  if (start === end) return true;
  return start < end ? at >= start && at < end : at >= start || at < end;
}

/** The next time, to the minute, at which a machine is the builder's; now where it is already. */
export function nextOpening(hours: ExclusiveHours, now: Date): Date {
  if (isWithin(hours, now)) return now;
  const begun = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  for (let minute = 1; minute <= SEARCH_MINUTES; minute += 1) {
    const at = new Date(begun + minute * MINUTE_MS);
    if (isWithin(hours, at)) return at;
  }
  // A window that lies within the hour that a zone skips: it is there again a day later.
  return new Date(begun + SEARCH_MINUTES * MINUTE_MS);
}

function minutesOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function minutesIn(timeZone: string, at: Date): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  return minutesOf(format.format(at));
}

function isZone(timeZone: string): boolean {
  try {
    minutesIn(timeZone, new Date(0));
    return true;
  } catch {
    return false;
  }
}
