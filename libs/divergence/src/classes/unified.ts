import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { unmasked } from './masked-text.js';
import { readable } from './readable.js';

const MAX_LINES = 60;
const MAX_LINE_CHARACTERS = 200;
const CONTEXT_LINES = 2;
const MAX_EDITS = 1500;

/**
 * Writes the unified diff of two texts, masks as `maskedText` leaves them: at most 60 lines of 200
 * characters. Absent where too much differs for one, or nothing does.
 */
export function unifiedDiff(left: string, right: string): string | undefined {
  // Cut first: what is hidden at the end of endless lines shall cost nothing.
  const [a, b] = [tidy(left), tidy(right)];
  if (a === b) return undefined;
  const patch = createTwoFilesPatch('left', 'right', a, b, undefined, undefined, {
    ...{ context: CONTEXT_LINES, maxEditLength: MAX_EDITS, headerOptions: FILE_HEADERS_ONLY },
  });
  if (patch === undefined) return undefined;
  const lines = patch.split('\n');
  if (lines.length <= MAX_LINES) return patch;
  return [
    ...lines.slice(0, MAX_LINES - 1),
    `… ${lines.length - MAX_LINES + 1} more lines`,
    '',
  ].join('\n');
}

function tidy(text: string): string {
  return unmasked(text)
    .split('\n')
    .map((line) => readable(line.replaceAll('\t', '    '), MAX_LINE_CHARACTERS))
    .join('\n');
}
