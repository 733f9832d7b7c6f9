import type { FindingReport } from './explanation.js';

/** What a finding shows of both contents. */
type Contents = Pick<FindingReport, 'diff' | 'bytes'>;

const ROW_DIGITS = 32;

/**
 * Writes bytes of both sides as a diff of their hexadecimal dumps: offset, 16 bytes, and what of them is
 * printable, row by row.
 */
export function bytesText({ offset, left, right }: NonNullable<FindingReport['bytes']>): string {
  const lines = ['--- left', '+++ right'];
  for (let at = 0; at < Math.max(left.length, right.length); at += ROW_DIGITS) {
    const place = offset + at / 2;
    const [one, two] = [left, right].map((hex) => rowOf(place, hex.slice(at, at + ROW_DIGITS)));
    if (one === two) lines.push(` ${one ?? ''}`);
    else {
      if (one !== null) lines.push(`-${one ?? ''}`);
      if (two !== null) lines.push(`+${two ?? ''}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What a reader is shown of both contents: lines of a text, bytes of what is none, or nothing. */
export function contentsText({ diff, bytes }: Contents): string | undefined {
  return diff ?? (bytes === undefined ? undefined : bytesText(bytes));
}

function rowOf(place: number, hex: string): string | null {
  const pairs = hex.match(/../g);
  if (pairs === null) return null;
  const printable = pairs
    .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
    .map((character) => (character >= ' ' && character <= '~' ? character : '.'))
    .join('');
  const digits = pairs.join(' ').padEnd(ROW_DIGITS + ROW_DIGITS / 2 - 1);
  return `${place.toString(16).padStart(8, '0')}  ${digits}  |${printable}|`;
}
