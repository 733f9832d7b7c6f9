import { describe, expect, test } from 'vitest';
import { MAX_TILE_BYTES, decodeTile, encodeTile, hashLeaf } from './index.js';

const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });
const hashes = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => hashLeaf(Buffer.from(`leaf ${i}`)));

describe('a tile', () => {
  test.each([1, 2, 255, 256])('of %i hashes is their bytes and nothing else', (width) => {
    const bytes = encodeTile(hashes(width));
    expect(bytes).toHaveLength(width * 32);
    expect(decodeTile(bytes, width)).toEqual(hashes(width));
  });

  test('is never longer than a full one', () => {
    expect(encodeTile(hashes(256))).toHaveLength(MAX_TILE_BYTES);
  });

  test.each([0, 257])('of %i hashes is not written', (width) => {
    expect(() => encodeTile(hashes(width))).toThrow(refused('MALFORMED_TILE'));
  });

  test.each([0, 31, 33, 64])('with a hash of %i bytes is not written', (length) => {
    expect(() => encodeTile([...hashes(2), new Uint8Array(length)])).toThrow(
      refused('MALFORMED_HASH'),
    );
  });

  test.each([
    ['no bytes', 0, 1],
    ['a byte too few', 63, 2],
    ['a byte too many', 65, 2],
    ['a hash too few', 32, 2],
    ['a hash too many', 96, 2],
    ['a full one for a partial one', 8192, 255],
    ['a partial one for a full one', 8160, 256],
    ['no width', 0, 0],
    ['a negative width', 0, -1],
    ['half a hash', 48, 1.5],
    ['width 257', 8224, 257],
    ['a width that is no number', 32, NaN],
  ])('with %s is refused', (_what, length, width) => {
    expect(() => decodeTile(new Uint8Array(length), width)).toThrow(refused('MALFORMED_TILE'));
  });
});
