import { compareText } from '#libs/encoding';
import type { Seen } from './seen.js';

const MAX_LINES = 4000;

/** Names an order: two lists of the same lines, or the same words on one line; null for other lists. */
export function seeOrder(left: readonly string[], right: readonly string[]): Seen | null {
  const seen = seeListOrder(withoutEnd(left), withoutEnd(right));
  if (seen !== null || left.length > 2 || right.length > 2) return seen;
  return seeListOrder(wordsOf(left), wordsOf(right));
}

function seeListOrder(left: readonly string[], right: readonly string[]): Seen | null {
  if (left.length < 2 || left.length !== right.length || left.length > MAX_LINES) return null;
  if (left.every((line, index) => line === right[index])) return null;
  const [a, b] = [left.toSorted(compareText), right.toSorted(compareText)];
  if (!a.every((line, index) => line === b[index])) return null;
  const bytes = [left, right].map((lines) => lines.every((line, index) => line === a[index]));
  const words = [left, right].map((lines) => isCollated(lines));
  const count = `the same ${left.length} entries in another order`;
  if (bytes.some((is, index) => is && words[1 - index] === true)) {
    const [first, second] = bytes[0] === true ? ['left', 'right'] : ['right', 'left'];
    const detail = `${count}: sorted by bytes on the ${first}, by a language’s rules on the ${second}`;
    return { class: 'locale', detail, facts: [] };
  }
  if (words[0] === true && words[1] === true) {
    return { class: 'locale', detail: `${count}, by two languages’ rules`, facts: [] };
  }
  return { class: 'ordering', detail: count, facts: [] };
}

/** Whether lines go up by letters and digits alone, as a language's collation has them first. */
function isCollated(lines: readonly string[]): boolean {
  const keys = lines.map((line) => line.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  return keys.every((key, index) => index === 0 || compareText(keys[index - 1] ?? '', key) <= 0);
}

function withoutEnd(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function wordsOf(lines: readonly string[]): readonly string[] {
  return lines
    .join(' ')
    .split(/[\s,;:=()[\]{}"']+/)
    .filter((word) => word !== '');
}
