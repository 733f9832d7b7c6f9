import { plain } from './plain.js';

const LINE_CHARACTERS = 1000;

/** Gives the lines of a text for within a fence: none of their characters can end it. */
export function fencedLines(text: string, limit: number): string[] {
  const lines = text.trimEnd().split('\n', limit);
  return lines.map((line) => plain(line, LINE_CHARACTERS).replaceAll('`', ' '));
}
