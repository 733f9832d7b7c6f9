import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newTiles, tilePath, tilesForSize } from './index.js';
import type { TileId } from './index.js';

const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });
const paths = (tiles: Iterable<TileId>): string[] => [...tiles].map(tilePath);

/** The definition, read off the specification one level at a time. */
function pathsOf(size: number): string[] {
  const all: string[] = [];
  for (const [level, unit] of [
    ['entries', 1],
    [0, 1],
    [1, 256],
    [2, 65_536],
  ] as const) {
    const count = Math.floor(size / unit);
    for (let index = 0; index * 256 < count; index += 1) {
      const width = Math.min(256, count - index * 256);
      all.push(tilePath({ level, index: BigInt(index), width }));
    }
  }
  return all;
}

describe('what a log serves', () => {
  test('is nothing as long as it is empty', () => {
    expect(paths(tilesForSize(0n))).toEqual([]);
  });

  test('at 256 leaves is a full tile and the first hash above it', () => {
    expect(paths(tilesForSize(256n))).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
  });

  test('at 70,000 leaves is what the specification counts', () => {
    const hashTiles = paths(tilesForSize(70_000n)).filter((path) => !path.includes('entries'));
    expect(hashTiles).toHaveLength(273 + 1 + 1 + 1 + 1);
    expect(hashTiles.slice(272)).toEqual([
      'tile/0/272',
      'tile/0/273.p/112',
      'tile/1/000',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
  });

  test('is what the definition says, at every size', () => {
    fc.assert(
      fc.property(fc.nat({ max: 140_000 }), (size) => {
        expect(paths(tilesForSize(BigInt(size)))).toEqual(pathsOf(size));
      }),
      { numRuns: 50 },
    );
  });

  test('is named lazily, even for the largest tree', () => {
    const [first] = tilesForSize(2n ** 64n - 1n);
    expect(first).toEqual({ level: 'entries', index: 0n, width: 256 });
  });

  test('can be walked twice', () => {
    const tiles = tilesForSize(300n);
    expect(paths(tiles)).toEqual(paths(tiles));
  });
});

describe('what growth writes', () => {
  test('is the new partial tiles and no full tile again', () => {
    expect(paths(newTiles(511n, 513n))).toEqual([
      'tile/entries/001',
      'tile/entries/002.p/1',
      'tile/0/001',
      'tile/0/002.p/1',
      'tile/1/000.p/2',
    ]);
  });

  test('leaves a level alone that has not grown', () => {
    expect(paths(newTiles(300n, 301n))).toEqual(['tile/entries/001.p/45', 'tile/0/001.p/45']);
    expect(paths(newTiles(300n, 300n))).toEqual([]);
  });

  test('is exactly what the new size serves and the old one does not', () => {
    const size = fc.nat({ max: 140_000 });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [oldSize, newSize] = [Math.min(a, b), Math.max(a, b)];
        const had = new Set(pathsOf(oldSize));
        expect(paths(newTiles(BigInt(oldSize), BigInt(newSize)))).toEqual(
          pathsOf(newSize).filter((path) => !had.has(path)),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('at the far end of the largest tree is a few tiles', () => {
    expect(paths(newTiles(2n ** 64n - 2n, 2n ** 64n - 1n))).toEqual([
      'tile/entries/x072/x057/x594/x037/x927/935.p/255',
      'tile/0/x072/x057/x594/x037/x927/935.p/255',
    ]);
  });

  test.each([
    [2n, 1n],
    [-1n, 1n],
    [0n, 2n ** 64n],
  ])('from %i to %i leaves is refused before the first tile', (oldSize, newSize) => {
    expect(() => newTiles(oldSize, newSize)).toThrow(refused('OUT_OF_RANGE'));
  });
});
