import type { Each } from './ask.js';
import type { Candidate } from './candidate.js';
import { missingOf } from './condition.js';
import { waitUntilHours } from './hours.js';
import { roughSizeText } from './size.js';

/** When the round runs, in milliseconds since 1970. */
export interface Span {
  readonly at: number;
  readonly until: number;
}

/** Says why a builder cannot be asked at all; null where it can. */
export function obstacleOf(candidate: Candidate, each: Each, { at, until }: Span): string | null {
  const { facts, presence } = candidate;
  if (presence === 'away') return 'has not been heard of lately';
  const { ramBytes = 0, diskBytes = 0, ...where } = each;
  const missing = missingOf(candidate, where);
  if (missing.length > 0) return `is not ${missing.join(', ')}`;
  if (facts === null) {
    return ramBytes + diskBytes > 0 ? 'does not tell how much memory and disk it has' : null;
  }
  if (facts.ramBytes < ramBytes) return short('memory', facts.ramBytes, ramBytes);
  if (facts.diskBytes < diskBytes) return short('disk', facts.diskBytes, diskBytes);
  if (facts.exclusiveHours === null) return null;
  const { from, to, timeZone } = facts.exclusiveHours;
  const wait = waitUntilHours(facts.exclusiveHours, at);
  if (wait === null) return 'has hours in a time zone that is not known here';
  // Hours that begin while the round runs are in time.
  return at + wait >= until ? `has hours from ${from} to ${to} ${timeZone} only` : null;
}

function short(what: string, has: number, asked: number): string {
  return `has ${roughSizeText(has)} of ${what} where ${roughSizeText(asked)} are asked`;
}
