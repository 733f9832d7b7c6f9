import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_ENTRY_BUNDLE_BYTES,
  MAX_ENTRY_BYTES,
  TlogError,
  decodeEntryBundle,
  encodeEntryBundle,
} from './index.js';

const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });
const entries = ['one', '', 'three'].map((text) => new Uint8Array(Buffer.from(text)));
const bundle = encodeEntryBundle(entries);

describe('an entry bundle', () => {
  test('is each entry behind its length in two bytes, the higher one first', () => {
    expect(bundle).toEqual(Uint8Array.of(0, 3, ...entries[0]!, 0, 0, 0, 5, ...entries[2]!));
    expect(encodeEntryBundle([new Uint8Array(0x0102)]).subarray(0, 2)).toEqual(Uint8Array.of(1, 2));
  });

  test('survives writing and reading', () => {
    const some = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(some, (list) => {
        expect(decodeEntryBundle(encodeEntryBundle(list), list.length)).toEqual(list);
      }),
      { numRuns: 30 },
    );
  });

  test('holds 256 of the longest entries and no more', () => {
    const longest = new Uint8Array(MAX_ENTRY_BYTES).fill(1);
    const full = encodeEntryBundle(Array.from({ length: 256 }, () => longest));
    expect(full).toHaveLength(MAX_ENTRY_BUNDLE_BYTES);
    expect(decodeEntryBundle(full, 256).every((entry) => entry.length === MAX_ENTRY_BYTES)).toBe(
      true,
    );
    expect(() => encodeEntryBundle([new Uint8Array(MAX_ENTRY_BYTES + 1)])).toThrow(
      refused('TOO_LARGE'),
    );
  });

  test.each([0, 257])('of %i entries is not written', (count) => {
    const list = Array.from({ length: count }, () => Uint8Array.of(1));
    expect(() => encodeEntryBundle(list)).toThrow(refused('MALFORMED_ENTRY_BUNDLE'));
  });

  test('cut anywhere is refused', () => {
    for (let length = 0; length < bundle.length; length += 1) {
      expect(() => decodeEntryBundle(bundle.subarray(0, length), 3)).toThrow(
        refused('MALFORMED_ENTRY_BUNDLE'),
      );
    }
  });

  test.each([
    ['a byte behind it', Uint8Array.of(...bundle, 0), 3],
    ['an empty entry too many', Uint8Array.of(...bundle, 0, 0), 3],
    ['an entry too many', bundle, 2],
    ['an entry too few', bundle, 4],
    ['a length beyond its end', Uint8Array.of(0xff, 0xff, 1), 1],
    ['half a length', Uint8Array.of(0), 1],
    ['lengths in the wrong order', Uint8Array.of(1, 0, 7), 1],
    ['no entries', Uint8Array.of(), 0],
    ['a negative width', bundle, -1],
    ['width 257', new Uint8Array(2 * 257), 257],
    ['half an entry', bundle, 2.5],
    ['a width that is no number', bundle, NaN],
  ])('with %s is refused', (_what, bytes, width) => {
    expect(() => decodeEntryBundle(bytes, width)).toThrow(refused('MALFORMED_ENTRY_BUNDLE'));
  });

  test('is one for its entries: any other bytes end in a TlogError', () => {
    const byte = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), fc.nat({ max: 4 }), (list, width) => {
        const bytes = Uint8Array.from(list);
        try {
          expect(encodeEntryBundle(decodeEntryBundle(bytes, width))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
