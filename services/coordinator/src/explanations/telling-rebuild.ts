import type { FactValue } from '#libs/divergence';
import { quote } from '#libs/encoding';
import {
  goingAlong,
  isSalted,
  isSameValue,
  isVolatile,
  movedFacts,
  valueOf,
  type ToldFacts,
} from './moved-facts.js';

/** What one build of an experiment's artifact came to, and what its builder told of the machine. */
export interface Rebuild {
  readonly digest: string;
  readonly facts: ToldFacts;
}

/** What was to be changed, and to what. */
export interface Change {
  readonly fact: string;
  readonly to: FactValue;
}

/** Whether a re-build tells anything: with the facts that changed as well, or why it does not. */
export type Judged =
  | { readonly isTelling: true; readonly along: readonly string[] }
  | { readonly isTelling: false; readonly because: string };

const SHOWN_FACTS = 4;
const SHOWN_CHARACTERS = 40;

/**
 * Judges whether a re-build is the experiment that was asked for: the fact has the value that it was to
 * have, and nothing else that was told of the machine moved, but for what is of the same thing, and for
 * what is never the same: nobody can keep that, and it may be behind bytes that moved.
 *
 * A salted fact has another value in each round, whether it was changed or not: bytes that moved tell
 * something, and bytes that stayed must rule out nothing.
 */
export function judgeRebuild(before: Rebuild, after: Rebuild, change: Change | null): Judged {
  const because = change === null ? null : whyNotMade(before, after, change);
  if (because !== null) return { isTelling: false, because };
  const ofIt = change === null ? [] : goingAlong(change.fact);
  const moved = movedFacts(before.facts, after.facts).filter((name) => name !== change?.fact);
  const others = moved.filter((name) => !ofIt.includes(name) && !isVolatile(name));
  if (others.length === 0) return { isTelling: true, along: moved };
  return { isTelling: false, because: `these facts moved: ${shownNames(others)}` };
}

function whyNotMade(before: Rebuild, after: Rebuild, { fact, to }: Change): string | null {
  const name = quote(fact);
  const [was, is] = [valueOf(before.facts, fact), valueOf(after.facts, fact)];
  if (was === null) return `${name} was not told in the round that split`;
  if (is === null) return `${name} was not told`;
  if (isSalted(fact, is)) {
    const isSeen = before.digest !== after.digest;
    return isSeen
      ? null
      : `${name} is salted, and where bytes stay nobody sees that it was changed`;
  }
  if (!isSameValue(is, to)) return `${name} was to be ${shownValue(to)}, and is ${shownValue(is)}`;
  return isSameValue(is, was) ? `${name} was ${shownValue(to)} already` : null;
}

function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_FACTS).map(quote).join(', ');
  return names.length > SHOWN_FACTS ? `${shown} and ${names.length - SHOWN_FACTS} more` : shown;
}

function shownValue(value: FactValue): string {
  if (typeof value !== 'string') return String(value);
  return value.length > SHOWN_CHARACTERS ? 'another value' : quote(value);
}
