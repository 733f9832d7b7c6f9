import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinPieces, withPiece, type LogPiece } from './log-pieces.js';

const LINES = Array.from({ length: 40 }, (_, at) => `line ${at}\n`);
const LOG = LINES.join('');

/** The lines from one to another, as they are told. */
function piece(first: number, end: number): LogPiece {
  const fromByte = LINES.slice(0, first).join('').length;
  const text = LINES.slice(first, end).join('');
  return { fromByte, nextByte: fromByte + text.length, text };
}
const shown = (...pieces: readonly LogPiece[]): string =>
  joinPieces(pieces.reduce<readonly LogPiece[]>(withPiece, []));

describe('pieces of a log', () => {
  test('stand one after the other, and what was missed is told', () => {
    expect(shown(piece(0, 2), piece(2, 3))).toBe('line 0\nline 1\nline 2\n');
    expect(shown(piece(0, 1), piece(3, 4))).toBe('line 0\n[14 bytes were not told]\nline 3\n');
  });

  test('that come again after the stream broke are there once', () => {
    expect(shown(piece(0, 2), piece(2, 4), piece(0, 5))).toBe(LINES.slice(0, 5).join(''));
    expect(shown(piece(0, 2), piece(2, 4), piece(2, 5))).toBe(LINES.slice(0, 5).join(''));
    expect(shown(piece(0, 2), piece(2, 4), piece(2, 4))).toBe(LINES.slice(0, 4).join(''));
  });

  test('of a build that began anew take the place of the first one', () => {
    expect(shown(piece(0, 9), piece(0, 1))).toBe('line 0\n');
  });

  test('never show a line twice, however a stream breaks and begins again', () => {
    const place = fc.nat({ max: LINES.length });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { maxLength: 12 }), (places) => {
        const pieces = places.map(([one, two]) => piece(Math.min(one, two), Math.max(one, two)));
        const lines = shown(...pieces)
          .split('\n')
          .filter((line) => line.startsWith('line '));
        expect(new Set(lines).size).toBe(lines.length);
        expect(LOG).toContain(lines.at(-1) ?? '');
      }),
    );
  });

  test('are kept up to 8,000 characters, the last ones', () => {
    const long = { fromByte: 0, nextByte: 9000, text: 'x'.repeat(9000) };
    const text = shown(long, { fromByte: 9000, nextByte: 9003, text: 'end' });
    expect(text).toBe(`${'x'.repeat(7997)}end`);
  });
});
