import { readable } from '../classes/readable.js';

/** Joins words as a sentence does: `a, b and c`. */
export function listed(words: readonly string[], joint = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1) ?? ''}`;
}

/** Lists the first few, and counts the others. */
export function listedUpTo(words: readonly string[], most: number): string {
  if (words.length <= most) return listed(words);
  return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
}

/** Makes a sentence: its first letter large, a full stop at its end. */
export function sentence(text: string): string {
  const clean = readable(text.trim(), 600);
  const end = /[.…!?]$/.test(clean) ? '' : '.';
  return `${clean.charAt(0).toUpperCase()}${clean.slice(1)}${end}`;
}

/** `1 builder`, `2 builders`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
