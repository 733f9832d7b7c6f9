import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatThreshold, parseThreshold, votesNeeded } from './threshold.js';

const refused = (code: string): unknown => expect.objectContaining({ code });
const needed = (text: string, eligible: number): number =>
  votesNeeded(parseThreshold(text), eligible);
/** The same, or null where it is refused. */
function given(text: string, eligible: number): number | null {
  try {
    return needed(text, eligible);
  } catch {
    return null;
  }
}

describe('reading a threshold', () => {
  test.each([
    ['3', { kind: 'count', count: 3 }],
    ['2/3', { kind: 'fraction', numerator: 2, denominator: 3 }],
    ['1000000/1000000', { kind: 'fraction', numerator: 1_000_000, denominator: 1_000_000 }],
  ])('%s is understood, and written as it was read', (text, threshold) => {
    expect(parseThreshold(text)).toEqual(threshold);
    expect(formatThreshold(parseThreshold(text))).toBe(text);
  });

  test.each([
    ...[
      '',
      '0',
      '0/3',
      '2/0',
      '-3',
      '+3',
      '3.0',
      '1e3',
      '0x3',
      ' 3',
      '3 ',
      '3\n',
      '2 / 3',
      '2/3/4',
    ],
    ...['/3', '2/', '66%', '٣', '２/３', 'NaN', 'Infinity', '1000001', '1/1000001', '99999999'],
  ])('%j is refused', (text) => {
    expect(() => parseThreshold(text)).toThrow(refused('BAD_THRESHOLD'));
  });
});

describe('votes needed', () => {
  test.each([
    ['3', 5, 3],
    ['5', 5, 5],
    ['2/3', 3, 2],
    ['2/3', 4, 3],
    ['2/3', 5, 4],
    ['2/3', 6, 4],
    ['3/3', 3, 3],
    ['3/5', 5, 3],
    // Half of five, rounded up, is more than half of five.
    ['1/2', 5, 3],
    ['51/100', 4, 3],
    // Twice a third is not two thirds: 666,667 of a million is a hair more, and so one operator more.
    ['666666/1000000', 3, 2],
    ['666667/1000000', 3, 3],
    ['333333/500000', 3, 2],
    ['333334/500000', 3, 3],
  ])('%s of %i operators are %i', (text, eligible, count) => {
    expect(needed(text, eligible)).toBe(count);
  });

  test('a fraction is rounded up exactly, as integers of any size are', () => {
    const part = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(part, part, fc.integer({ min: 0, max: 1_000_000 }), (a, b, eligible) => {
        const exact = Number((BigInt(eligible) * BigInt(a) + BigInt(b) - 1n) / BigInt(b));
        const isSound = exact >= 2 && exact * 2 > eligible && exact <= eligible;
        expect(given(`${a}/${b}`, eligible)).toBe(isSound ? exact : null);
      }),
      { numRuns: 500 },
    );
  });

  test('exactly the counts are accepted with which no two different digests could both win', () => {
    for (let eligible = 0; eligible <= 40; eligible += 1) {
      const counts = Array.from({ length: 45 }, (_, at) => at + 1);
      const accepted = counts.filter((count) => given(String(count), eligible) !== null);
      const sound = counts.filter((n) => n >= 2 && n * 2 > eligible && n <= eligible);
      expect(accepted).toEqual(sound);
    }
  });

  test.each([
    ['1', 1],
    ['1', 5],
    ['2', 4],
    ['2', 5],
    ['1/2', 4],
    ['1/2', 1000],
    ['1/1000000', 5],
    ['3/3', 1],
    ['1/2', 0],
  ])('%s of %i is refused: two different digests, or one operator alone, could win', (text, n) => {
    expect(() => needed(text, n)).toThrow(refused('THRESHOLD_TOO_LOW'));
  });

  test.each([
    ['6', 5],
    ['4/3', 3],
    ['2', 1],
    ['1000000', 256],
  ])('%s of %i is refused: it can never be met', (text, eligible) => {
    expect(() => needed(text, eligible)).toThrow(refused('THRESHOLD_OUT_OF_REACH'));
  });
});
