import { compareText } from '#libs/encoding';
import type { Location } from '#libs/manifest';
import type { DifferenceClass } from '../difference.js';

/** One kind of thing that was seen in what differs. */
export interface Seen {
  readonly class: DifferenceClass;
  /** One line, cleaned and bounded. */
  readonly detail: string;
  readonly facts: readonly string[];
  /** The package of which both sides have another version, where it is surely one of these. */
  readonly package?: string;
  /** Where the thing is whose digest was seen. */
  readonly impliedBy?: Location;
  /** Where in the left file it was seen, of what is no text: offsets, rising. */
  readonly at?: readonly number[];
}

/** What a bound left out is named: what was seen is not the whole then. */
export function notCompared(what: string): Seen {
  return { class: 'unknown', detail: `more was not compared: ${what}`, facts: [] };
}

/**
 * Keeps one of each class, package and facts, the first: what no fact is seen in must not hide behind
 * what one is. What tells nothing comes last.
 */
export function gather(seen: readonly Seen[]): readonly Seen[] {
  const byClass = new Map<string, Seen>();
  for (const each of seen) {
    const key = JSON.stringify([each.class, each.package ?? '', each.facts.toSorted(compareText)]);
    const known = byClass.get(key);
    byClass.set(key, known === undefined ? each : merge(known, each));
  }
  const all = [...byClass.values()];
  return [
    ...all.filter((each) => each.class !== 'unknown'),
    ...all.filter((each) => each.class === 'unknown'),
  ];
}

function merge(first: Seen, next: Seen): Seen {
  // A digest of nothing that is known must not hide behind one that follows from something.
  const { impliedBy, at: firstAt, ...rest } = first;
  const isImplied = impliedBy !== undefined && next.impliedBy !== undefined;
  const at = [...new Set([...(firstAt ?? []), ...(next.at ?? [])])];
  return {
    ...rest,
    detail: impliedBy !== undefined && !isImplied ? next.detail : first.detail,
    ...(isImplied && { impliedBy }),
    ...(at.length > 0 && { at }),
  };
}
