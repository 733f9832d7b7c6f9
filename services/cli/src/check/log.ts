import { plain } from '#libs/contracts';

const MAX_LINE_CHARACTERS = 4000;

/** How much a line asks for attention; the marks are those of repro-check. */
const MARKS = { info: '[ℹ️]', warning: '[⚠️ Warning]', error: '[❌]', debug: '[🐞]' } as const;
export type Level = keyof typeof MARKS;

/** Writes one line, with its mark. Continuation lines are indented; hostile text cannot steer. */
export function logLine(level: Level, text: string): string {
  const [first = '', ...rest] = text.split('\n').map((line) => plain(line, MAX_LINE_CHARACTERS));
  return [`${MARKS[level]} ${first}`, ...rest.map((line) => `    ${line}`)].join('\n');
}
