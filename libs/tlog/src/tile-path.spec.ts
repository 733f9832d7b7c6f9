import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TlogError, parseTilePath, tilePath } from './index.js';
import type { TileId } from './index.js';

const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

const level = fc.oneof(fc.nat({ max: 63 }), fc.constant('entries' as const));
const tile = fc.tuple(
  level,
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.integer({ min: 1, max: 256 }),
);
const anyTile = tile.map(([at, seed, width]): TileId => {
  const height = BigInt(at === 'entries' ? 0 : at);
  return { level: at, index: seed >> (8n * (height + 1n)), width };
});

describe('the path of a tile', () => {
  test.each<[TileId, string]>([
    [{ level: 0, index: 0n, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1234067n, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 1, index: 999n, width: 256 }, 'tile/1/999'],
    [{ level: 2, index: 1000n, width: 1 }, 'tile/2/x001/000.p/1'],
    [{ level: 0, index: 273n, width: 112 }, 'tile/0/273.p/112'],
    [{ level: 63, index: 0n, width: 255 }, 'tile/63/000.p/255'],
    [{ level: 'entries', index: 7n, width: 256 }, 'tile/entries/007'],
    [{ level: 'entries', index: 1234067n, width: 9 }, 'tile/entries/x001/x234/067.p/9'],
    [{ level: 0, index: 2n ** 56n - 1n, width: 255 }, 'tile/0/x072/x057/x594/x037/x927/935.p/255'],
  ])('of %o is %s', (id, path) => {
    expect(tilePath(id)).toBe(path);
    expect(parseTilePath(path)).toEqual(id);
  });

  test('survives writing and reading, at any level, index and width', () => {
    fc.assert(
      fc.property(anyTile, (id) => {
        expect(parseTilePath(tilePath(id))).toEqual(id);
      }),
    );
  });

  test.each<[string, TileId]>([
    ['a negative level', { level: -1, index: 0n, width: 1 }],
    ['level 64', { level: 64, index: 0n, width: 1 }],
    ['half a level', { level: 0.5, index: 0n, width: 1 }],
    ['a negative index', { level: 0, index: -1n, width: 1 }],
    ['leaf 2^64', { level: 0, index: 2n ** 56n, width: 1 }],
    ['entry 2^64', { level: 'entries', index: 2n ** 56n, width: 1 }],
    ['leaf 2^64 below it', { level: 7, index: 1n, width: 1 }],
    ['no width', { level: 0, index: 0n, width: 0 }],
    ['width 257', { level: 0, index: 0n, width: 257 }],
    ['a width that is no number', { level: 0, index: 0n, width: NaN }],
  ])('with %s is not written', (_what, id) => {
    expect(() => tilePath(id)).toThrow(refused('OUT_OF_RANGE'));
  });

  test.each([
    ['nothing', ''],
    ['a slash in front', '/tile/0/000'],
    ['a prefix', 'log/tile/0/000'],
    ['another word', 'tiles/0/000'],
    ['capitals', 'TILE/0/000'],
    ['no level', 'tile//000'],
    ['no index', 'tile/0/'],
    ['a level with a zero in front', 'tile/00/000'],
    ['a padded level', 'tile/01/000'],
    ['level 64', 'tile/64/000'],
    ['level 100', 'tile/100/000'],
    ['a negative level', 'tile/-1/000'],
    ['a level of static-ct-api', 'tile/data/000'],
    ['entries in capitals', 'tile/Entries/000'],
    ['a height as in the Go checksum database', 'tile/8/0/000'],
    ['an index of one digit', 'tile/0/7'],
    ['an index of four digits', 'tile/0/1234'],
    ['a last group with an x', 'tile/0/x001'],
    ['a first group without an x', 'tile/0/001/234'],
    ['a middle group without an x', 'tile/0/x001/234/067'],
    ['a capital x', 'tile/0/X001/234'],
    ['a short group', 'tile/0/x01/234'],
    ['a long group', 'tile/0/x0001/234'],
    ['a group of zeros in front', 'tile/0/x000/067'],
    ['leaf 2^64', 'tile/0/x072/x057/x594/x037/x927/936'],
    ['leaf 2^64 below it', 'tile/7/001'],
    ['an endless index', `tile/0/${'x999/'.repeat(10_000)}999`],
    ['width 0', 'tile/0/000.p/0'],
    ['a width with a zero in front', 'tile/0/000.p/07'],
    ['width 256', 'tile/0/000.p/256'],
    ['width 257', 'tile/0/000.p/257'],
    ['width 1000', 'tile/0/000.p/1000'],
    ['no width', 'tile/0/000.p/'],
    ['half a suffix', 'tile/0/000.p'],
    ['two widths', 'tile/0/000.p/1.p/1'],
    ['a width in the middle', 'tile/0/x001.p/1/067'],
    ['a slash at the end', 'tile/0/000/'],
    ['a newline at the end', 'tile/0/000\n'],
    ['a newline before', '\ntile/0/000'],
    ['a query', 'tile/0/000?x'],
    ['an escaped slash', 'tile/0%2f000'],
    ['a way up', 'tile/0/../000'],
    ['a way out', 'tile/0/x001/../../../../etc/passwd'],
    ['a backslash', 'tile\\0\\000'],
    ['a NUL', 'tile/0/000\0'],
    ['digits of another script', 'tile/0/٠٠٠'],
    ['full-width digits', 'tile/0/０００'],
  ])('with %s is refused', (_what, text) => {
    expect(() => parseTilePath(text)).toThrow(refused('MALFORMED_TILE_PATH'));
  });

  test('is one for one tile: what is read is written back, any other text ends in a TlogError', () => {
    const part = fc.constantFrom('tile/', 'entries/', '0', '1', 'x', 'x001/', '067', '.p/', '256');
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 9 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (path) => {
        try {
          expect(tilePath(parseTilePath(path))).toBe(path);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
