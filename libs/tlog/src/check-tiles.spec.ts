import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_FRONTIER,
  EMPTY_ROOT,
  appendLeaves,
  checkTiles,
  encodeEntryBundle,
  encodeTile,
  hashLeaf,
  newTiles,
  rootOf,
  tilePath,
  tilesForSize,
} from './index.js';
import type { TileFinding, TileId } from './index.js';

const entries = Array.from({ length: 2_100 }, (_, i) => Buffer.from(`entry ${i}`));
const leaves = entries.map(hashLeaf);
const nodes = new Map(
  appendLeaves(EMPTY_FRONTIER, leaves).nodes.map(({ level, index, hash }) => [
    `${level}/${String(index)}`,
    hash,
  ]),
);

function encode({ level, index, width }: TileId): Uint8Array {
  const first = Number(index) * 256;
  if (level === 'entries') return encodeEntryBundle(entries.slice(first, first + width));
  return encodeTile(
    Array.from({ length: width }, (_, i) => nodes.get(`${8 * level}/${first + i}`)!),
  );
}

type Folder = Map<string, Uint8Array>;
const write = (tiles: Iterable<TileId>): Folder =>
  new Map(Array.from(tiles, (id) => [tilePath(id), encode(id)]));
const serve = (size: number): Folder => write(tilesForSize(BigInt(size)));
const rootFor = (size: number): Uint8Array => rootOf(leaves.slice(0, size));

function check(folder: Folder, size: number, root = rootFor(size)): Promise<TileFinding | null> {
  const read = (id: TileId): Promise<Uint8Array | undefined> =>
    Promise.resolve(folder.get(tilePath(id)));
  return checkTiles({ size: BigInt(size), root, readTile: read, readEntries: read });
}

/** Changes one byte of a resource, and nothing in the folder that others share. */
function flip(folder: Folder, path: string, at: number): Folder {
  const bytes = Uint8Array.from(folder.get(path)!);
  bytes.set([bytes[at]! ^ 1], at);
  return new Map(folder).set(path, bytes);
}

const size = 700;
const good = serve(size);

describe('a served log', () => {
  test.each([0, 1, 2, 255, 256, 257, 512, 513, 700, 2_100])(
    'of %i entries that adds up has nothing wrong',
    async (count) => {
      expect(await check(serve(count), count)).toBeNull();
    },
  );

  test('that grew checkpoint by checkpoint adds up at every one of them', async () => {
    const growth = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(growth, async (steps) => {
        const folder: Folder = new Map();
        const sizes = [0];
        for (const step of steps) {
          const last = sizes.at(-1)!;
          for (const [path, bytes] of write(newTiles(BigInt(last), BigInt(last + step)))) {
            // What is served is immutable: no path is ever written a second time.
            expect(folder.has(path)).toBe(false);
            folder.set(path, bytes);
          }
          sizes.push(last + step);
        }
        for (const count of sizes) expect(await check(folder, count)).toBeNull();
      }),
      { numRuns: 15 },
    );
  });

  test('whose partial tiles gave way to full ones still adds up', async () => {
    expect(
      await check(
        serve(768).set('tile/1/000.p/2', encode({ level: 1, index: 0n, width: 2 })),
        size,
      ),
    ).toBeNull();
  });

  test('can be read without waiting', async () => {
    const read = (id: TileId): Uint8Array | undefined => good.get(tilePath(id));
    const log = { size: 700n, root: rootFor(size), readTile: read, readEntries: read };
    expect(await checkTiles(log)).toBeNull();
  });

  test('is read once, from the left, and no tile before what it is computed from', async () => {
    const asked: string[] = [];
    const read = (id: TileId): Uint8Array | undefined => {
      asked.push(tilePath(id));
      return good.get(tilePath(id));
    };
    await checkTiles({ size: 700n, root: rootFor(size), readTile: read, readEntries: read });
    expect(asked).toEqual([
      'tile/entries/000',
      'tile/0/000',
      'tile/entries/001',
      'tile/0/001',
      'tile/entries/002.p/188',
      'tile/0/002.p/188',
      'tile/1/000.p/2',
    ]);
  });
});

describe('the first thing wrong', () => {
  test('is any one resource that is missing, by its path', async () => {
    for (const path of good.keys()) {
      const folder = new Map(good);
      folder.delete(path);
      expect(await check(folder, size)).toMatchObject({ kind: 'missing', path });
    }
  });

  test('is any one resource that is cut, or too long, by its path', async () => {
    for (const [path, bytes] of good) {
      const found = { kind: 'malformed', path };
      expect(await check(new Map(good).set(path, bytes.subarray(1)), size)).toMatchObject(found);
      expect(await check(new Map(good).set(path, bytes.subarray(0, -1)), size)).toMatchObject(
        found,
      );
      const long = Uint8Array.of(...bytes, 0);
      expect(await check(new Map(good).set(path, long), size)).toMatchObject(found);
    }
  });

  test.each<[string, Folder, TileFinding]>([
    [
      'an entry that was rewritten',
      flip(good, 'tile/entries/000', 5),
      { kind: 'wrong-leaf', path: 'tile/0/000', index: 0n },
    ],
    [
      'the last entry',
      flip(good, 'tile/entries/002.p/188', good.get('tile/entries/002.p/188')!.length - 1),
      { kind: 'wrong-leaf', path: 'tile/0/002.p/188', index: 699n },
    ],
    [
      'a leaf hash',
      flip(good, 'tile/0/001', 32 * 44 + 31),
      { kind: 'wrong-leaf', path: 'tile/0/001', index: 300n },
    ],
    [
      'a hash above',
      flip(good, 'tile/1/000.p/2', 32),
      { kind: 'wrong-node', path: 'tile/1/000.p/2', index: 1n },
    ],
    [
      'two of them: the leftmost',
      flip(flip(good, 'tile/1/000.p/2', 0), 'tile/0/001', 64),
      { kind: 'wrong-leaf', path: 'tile/0/001', index: 258n },
    ],
    [
      'a bundle in the place of another',
      new Map(good).set('tile/entries/001', good.get('tile/entries/000')!),
      { kind: 'wrong-leaf', path: 'tile/0/001', index: 256n },
    ],
    [
      'a full bundle whose prefix is damaged, in place of a partial one',
      flip(
        new Map([...serve(768), ['tile/1/000.p/2', good.get('tile/1/000.p/2')!]]),
        'tile/entries/002',
        0,
      ),
      { kind: 'malformed', path: 'tile/entries/002', index: 512n },
    ],
  ])('is %s', async (_what, folder, finding) => {
    expect(await check(folder, size)).toEqual(finding);
  });

  test('is any byte that was changed anywhere, in the resource or in what is computed from it', async () => {
    const places = fc
      .constantFrom(...good.keys())
      .chain((path) => fc.tuple(fc.constant(path), fc.nat({ max: good.get(path)!.length - 1 })));
    await fc.assert(
      fc.asyncProperty(places, async ([path, at]) => {
        const found = await check(flip(good, path, at), size);
        expect(found?.path.replace('entries', '0')).toBe(path.replace('entries', '0'));
      }),
      { numRuns: 60 },
    );
  });

  test('is an upper tile over 256 full ones', async () => {
    const [count, hash] = [65_537, hashLeaf(Buffer.from('same'))];
    const bundle = (width: number): Uint8Array =>
      encodeEntryBundle(Array.from({ length: width }, () => Buffer.from('same')));
    const level1 = rootOf(Array.from({ length: 256 }, () => hash));
    const levels = [hash, level1, rootOf(Array.from({ length: 256 }, () => level1))];
    const tile = (level: number, width: number): Uint8Array =>
      encodeTile(Array.from({ length: width }, () => levels[level]!));
    const root = rootOf([levels[2]!, hash]);
    const full = bundle(256);
    const readEntries = ({ width }: TileId): Uint8Array => (width === 256 ? full : bundle(width));
    const log = { size: BigInt(count), root, readEntries };
    const finding = await checkTiles({ ...log, readTile: (id) => tile(id.level, id.width) });
    expect(finding).toBeNull();
    const lie = await checkTiles({
      ...log,
      readTile: ({ level, width }) => tile(level === 2 ? 1 : level, width),
    });
    expect(lie).toEqual({ kind: 'wrong-node', path: 'tile/2/000.p/1', index: 0n });
  });

  test('is the root when everything else agrees with itself', async () => {
    const found = { kind: 'wrong-root', path: 'checkpoint', index: 700n };
    expect(await check(good, size, rootFor(699))).toEqual(found);
    expect(await check(good, size, new Uint8Array(0))).toEqual(found);
    expect(await check(good, size, Uint8Array.of(...rootFor(size), 0))).toEqual(found);
    expect(await check(new Map(), 0, rootFor(1))).toMatchObject({ kind: 'wrong-root', index: 0n });
    expect(await check(new Map(), 0, EMPTY_ROOT)).toBeNull();
  });

  test('is at once the first bundle when a checkpoint boasts of the largest tree', async () => {
    const nothing = (): undefined => undefined;
    const log = { size: 2n ** 64n - 1n, root: EMPTY_ROOT, readTile: nothing, readEntries: nothing };
    expect(await checkTiles(log)).toEqual({
      kind: 'missing',
      path: 'tile/entries/000',
      index: 0n,
    });
  });
});

describe('what is no finding', () => {
  test('is a disk that fails: its error is passed on', async () => {
    const readTile = (): never => {
      throw new RangeError('disk on fire');
    };
    const readEntries = (id: TileId): Uint8Array => good.get(tilePath(id))!;
    const log = { size: 700n, root: rootFor(size), readTile, readEntries };
    await expect(checkTiles(log)).rejects.toThrow('disk on fire');
  });

  test.each([-1n, 2n ** 64n])('is a size of %i, which no tree has', async (count) => {
    const nothing = (): undefined => undefined;
    const log = { size: count, root: EMPTY_ROOT, readTile: nothing, readEntries: nothing };
    await expect(checkTiles(log)).rejects.toThrow(
      expect.objectContaining({ name: 'TlogError', code: 'OUT_OF_RANGE' }),
    );
  });
});
