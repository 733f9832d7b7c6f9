import { expect } from 'vitest';
import { Report } from './report.js';

/** Texts that somebody might write where a name or a message is expected. */
export const HOSTILE: readonly (readonly [string, string])[] = [
  ['a script tag', '<script>alert(1)</script>'],
  ['an image tag', '</code><img src=x onerror=alert(1)>'],
  ['an HTML comment', '<!-- hides the rest'],
  ['ANSI escapes', '\u001b[31mred\u001b[2J\u001b]0;title\u0007'],
  ['8-bit escapes', '\u009b31mred\u009d0;title\u009c'],
  ['bidi overrides', '\u202elive\u2066\u061c'],
  ['invisible characters', 'a\u200b\u2060\ufeff\u00adb'],
  ['line breaks', 'a\r\n\n# Heading\n\n- item\n---\n'],
  ['other line breaks', 'a\u2028b\u2029c\u0085d\u000b\u000ce'],
  ['backticks', '`code` ```\n```js\nx'],
  ['pipes', 'a | b || c |'],
  ['mentions', '@everyone and @dfinity'],
  ['links', '[x](javascript:alert(1)) ![i](http://evil.example/x.png) <http://evil.example>'],
  ['bare links', 'http://evil.example www.evil.example WWW.evil.example'],
  ['emphasis', '**bold** __u__ ~~s~~ _i_ $x^2$'],
  ['backslashes', '\\` \\| \\\\` x\\'],
  ['half a surrogate pair', '\ud800 x \udfff'],
  ['nothing', ''],
  ['a space', ' '],
  ['a megabyte', 'x'.repeat(1 << 20)],
  ['a megabyte of emoji', '💥'.repeat(1 << 18)],
  ['a megabyte of backslashes', '\\'.repeat(1 << 20)],
];

type Path = readonly (string | number)[];

/** Paths of all texts of a value. */
function textPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((entry: unknown, at) => [at, entry])
    : Object.entries(value);
  return entries.flatMap(([key, entry]) => textPaths(entry, [...path, key]));
}

/** One path each for all texts that stand in the same place of different entries of a list. */
function fieldPaths(value: unknown): readonly Path[] {
  const byField = new Map(
    textPaths(value)
      .toReversed()
      .map((path) => [path.map((key) => (typeof key === 'number' ? '*' : key)).join('.'), path]),
  );
  return [...byField.values()];
}

/** A copy of a value with a text in place of another. */
function replaced(value: unknown, [key, ...rest]: Path, text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((entry: unknown, at) => (at === key ? replaced(entry, rest, text) : entry));
  }
  const object = value as Record<string, unknown>;
  return { ...object, [key]: replaced(object[key], rest, text) };
}

/** Every report that the schema takes with a hostile text in one of its fields. */
export function* poisoned(report: Report, text: string): Generator<readonly [string, Report]> {
  for (const path of fieldPaths(report)) {
    const parsed = Report.safeParse(replaced(report, path, text));
    if (parsed.success) yield [path.join('.'), parsed.data];
  }
}

/** What a reader of Markdown takes as marks, line by line; what is fenced is left out. */
export function marksOf(markdown: string): readonly string[] {
  const parts = markdown.split('\n```');
  const isFenced = (_part: string, at: number): boolean => at % 2 === 1;
  for (const fence of parts.filter(isFenced)) expect(fence).not.toContain('`');
  const open = parts.filter((part, at) => !isFenced(part, at));
  return open.join('\n').split('\n').map(marksOfLine);
}

function marksOfLine(line: string): string {
  const marks = /^(?:#+ |- )/.exec(line)?.[0] ?? '';
  let isCode = false;
  let found = '';
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (!isCode && letter === '\\' && /[!-/:-@[-`{-~]/.test(line.charAt(at + 1))) at += 1;
    else if (letter === '`') {
      isCode = !isCode;
      found += letter;
    } else if (letter === '|' || (!isCode && /[*_[\]<>~$^!]/.test(letter))) found += letter;
  }
  const isOpen = isCode ? ' (open code span)' : '';
  return `${marks}${found}${isOpen}`;
}

/** Nothing in it steers a reader, links, mentions or goes on for ever. */
export function expectHarmless(path: string, markdown: string): void {
  expect([path, /(?!\n)\p{Cc}|(?!\u200b)\p{Cf}|[\p{Cs}\p{Zl}\p{Zp}]/u.test(markdown)]).toEqual([
    path,
    false,
  ]);
  const outsideCode = markdown.split('\n```').filter((_part, at) => at % 2 === 0);
  // An escaped backtick begins no code, and in code nothing is escaped.
  const readable = outsideCode.join('\n').replace(/\\[!-/:-@[-`{-~]|`[^`]*`/g, '');
  expect([path, /@\w|:\/\/\w|www\.\w/i.test(readable)]).toEqual([path, false]);
  expect(markdown.length).toBeLessThan(20_000);
}
