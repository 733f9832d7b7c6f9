import { factOfMask, MASK_SOURCE } from './masked-text.js';
import { bothSides } from './readable.js';
import type { Seen } from './seen.js';
import { seeMasks } from './span-pair.js';

const WORDS = new RegExp(`${MASK_SOURCE}|[\\p{L}\\p{N}_.+-]+|\\s+|.`, 'gsu');
const MASKED = new RegExp(MASK_SOURCE, 'g');
const HOST = /\b(?:host(?:[_-]?name)?|node(?:[_-]?name)?|machine|computer|built on)\W{0,4}$/i;
const USER =
  /\b(?:user(?:[_-]?name)?|log(?:in|name)|owner|packager|(?:built|compiled) by)\W{0,4}$/i;

/** What is left of two lines without the words that they begin and end with alike. */
export interface Middle {
  /** The words that both begin with. */
  readonly before: string;
  readonly left: string;
  readonly right: string;
}

/** Takes off what two lines have in common at both ends, word by word. */
export function middleOf(left: string, right: string): Middle {
  const [a, b] = [left.match(WORDS) ?? [], right.match(WORDS) ?? []];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return {
    before: a.slice(0, start).join(''),
    left: a.slice(start, a.length - end).join(''),
    right: b.slice(start, b.length - end).join(''),
  };
}

/** Names what differs where the form of the words says nothing; the words before may. */
export function seeMiddle({ before, left, right }: Middle): Seen {
  const masks = [left, right].map((text) => [...text.matchAll(MASKED)].map(([all]) => all));
  const [inLeft = [], inRight = []] = masks;
  // On one side alone a mask may hide what only looks like the builder's value: the rest of both
  // middles has to be a word as well.
  const isWord = [left, right].every((text) => !/\s/.test(text.replace(MASKED, '')));
  if ((inLeft.length > 0 && inRight.length > 0) || (inLeft.length + inRight.length > 0 && isWord)) {
    return seeMasks([...inLeft, ...inRight].map(factOfMask));
  }
  const shown = bothSides(left, right);
  if (HOST.test(before)) {
    return { class: 'hostname', detail: `by the words before it: ${shown}`, facts: [] };
  }
  if (USER.test(before)) {
    return { class: 'user', detail: `by the words before it: ${shown}`, facts: [] };
  }
  if (isRandom(left) && isRandom(right) && left.length === right.length) {
    return { class: 'random-id', detail: `it looks like chance: ${shown}`, facts: [] };
  }
  return { class: 'unknown', detail: shown, facts: [] };
}

/** Letters and digits without a vowel's rhythm: at least twelve, changing between the two often. */
function isRandom(text: string): boolean {
  if (!/^[0-9a-z]{12,64}$/i.test(text)) return false;
  return (text.match(/\d[a-z]|[a-z]\d/gi) ?? []).length >= text.length / 5;
}
