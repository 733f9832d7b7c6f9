import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_FRONTIER,
  MAX_SIZE,
  appendLeaves,
  buildConsistencyProof,
  buildInclusionProof,
  consistencyNodes,
  encodeTile,
  fetchNodes,
  frontierNodes,
  hashChildren,
  hashLeaf,
  inclusionNodes,
  nodeTiles,
  rootAt,
  rootOf,
  tilePath,
  tileReader,
  tilesForSize,
  verifyConsistency,
  verifyInclusion,
} from './index.js';
import type { HashTileId, NodeId, ReadNode, ReadTile } from './index.js';

const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });
const key = ({ level, index }: NodeId): string => `${level}/${String(index)}`;

const leaves = Array.from({ length: 2_100 }, (_, i) => hashLeaf(Buffer.from(`leaf ${i}`)));
const nodes = new Map(
  appendLeaves(EMPTY_FRONTIER, leaves).nodes.map((node) => [key(node), node.hash]),
);
const readNode: ReadNode = (id) => nodes.get(key(id));

/** Everything that a log of this size serves, by path. */
function serve(size: number): Map<string, Uint8Array> {
  const served = new Map<string, Uint8Array>();
  for (const id of tilesForSize(BigInt(size))) {
    if (id.level === 'entries') continue;
    const level = 8 * id.level;
    const hashes = Array.from({ length: id.width }, (_, i) =>
      readNode({ level, index: id.index * 256n + BigInt(i) })!,
    );
    served.set(tilePath(id), encodeTile(hashes));
  }
  return served;
}

const from =
  (served: ReadonlyMap<string, Uint8Array>): ReadTile =>
  (id) =>
    served.get(tilePath(id));

/** A log whose every entry is the same, so that one hash is known for each level. */
const same = Array.from({ length: 63 }).reduce<Uint8Array[]>(
  (levels) => [...levels, hashChildren(levels.at(-1)!, levels.at(-1)!)],
  [hashLeaf(Buffer.from('same'))],
);
const readSame: ReadNode = ({ level }) => same[level];
function recordSame(): { reads: string[]; read: ReadTile } {
  const reads: string[] = [];
  const read = (id: HashTileId): Uint8Array => {
    reads.push(tilePath(id));
    return encodeTile(Array.from({ length: id.width }, () => same[8 * id.level]!));
  };
  return { reads, read };
}
const tileLevels = (size: bigint): number => Math.ceil(size.toString(2).length / 8);

describe('tiles alone', () => {
  test('answer every complete subtree of the tree and nothing else', () => {
    for (const size of [1, 2, 255, 256, 257, 700]) {
      const read = tileReader(BigInt(size), from(serve(size)));
      for (let level = 0; level <= 10; level += 1) {
        for (let index = 0n; index <= (size >> level) + 1; index += 1n) {
          const isComplete = (index + 1n) << BigInt(level) <= BigInt(size);
          expect(read({ level, index })).toEqual(
            isComplete ? readNode({ level, index }) : undefined,
          );
        }
      }
    }
  });

  test('give the root of the recursive definition', () => {
    for (const size of [0, 1, 255, 256, 257, 512, 513, 2_100]) {
      const read = tileReader(BigInt(size), from(serve(size)));
      expect(rootAt(BigInt(size), read)).toEqual(rootOf(leaves.slice(0, size)));
    }
  });

  test('prove inclusion and growth in any tree', () => {
    const sizes = fc.integer({ min: 1, max: leaves.length });
    fc.assert(
      fc.property(sizes, fc.nat(), (count, seed) => {
        const served = from(serve(count));
        const size = BigInt(count);
        const [index, size1] = [BigInt(seed % count), BigInt((seed % count) + 1)];
        const root = rootOf(leaves.slice(0, count));
        verifyInclusion({
          leafHash: leaves[Number(index)]!,
          index,
          size,
          proof: buildInclusionProof(index, size, tileReader(size, served)),
          root,
        });
        verifyConsistency({
          size1,
          root1: rootOf(leaves.slice(0, Number(size1))),
          size2: size,
          root2: root,
          proof: buildConsistencyProof(size1, size, tileReader(size, served)),
        });
      }),
      { numRuns: 60 },
    );
  });

  test('do so after the partial ones have given way to full ones', () => {
    const [old, later] = [serve(700), serve(2_100)];
    for (const path of old.keys()) {
      // What is left of the old size: full tiles, and those that the longer tree filled up.
      if (path.startsWith('tile/0/')) expect(later.has(path)).toBe(!path.includes('.p/'));
    }
    const read = tileReader(700n, (id) => (id.level === 0 ? later : old).get(tilePath(id)));
    const proof = buildInclusionProof(699n, 700n, read);
    expect(proof).toEqual(buildInclusionProof(699n, 700n, readNode));
    expect(rootAt(700n, read)).toEqual(rootOf(leaves.slice(0, 700)));
  });

  test('that had to be waited for do as well', async () => {
    const served = serve(700);
    const wanted = [...inclusionNodes(5n, 700n), ...consistencyNodes(300n, 700n)];
    const read = await fetchNodes({
      size: 700n,
      nodes: [...wanted, ...frontierNodes(700n)],
      fetchTile: (id) => Promise.resolve(served.get(tilePath(id))),
    });
    expect(buildInclusionProof(5n, 700n, read)).toEqual(buildInclusionProof(5n, 700n, readNode));
    expect(buildConsistencyProof(300n, 700n, read)).toEqual(
      buildConsistencyProof(300n, 700n, readNode),
    );
    expect(rootAt(700n, read)).toEqual(rootOf(leaves.slice(0, 700)));
  });

  test('that had to be waited for are replaced by full ones too, and nobody waits twice', async () => {
    const [served, asked] = [serve(768), new Array<string>()];
    served.set('tile/1/000.p/2', serve(700).get('tile/1/000.p/2')!);
    const read = await fetchNodes({
      size: 700n,
      nodes: [...frontierNodes(700n), ...inclusionNodes(699n, 700n)],
      fetchTile: (id) => {
        asked.push(tilePath(id));
        return served.get(tilePath(id));
      },
    });
    expect(rootAt(700n, read)).toEqual(rootOf(leaves.slice(0, 700)));
    expect(asked.toSorted()).toEqual(['tile/0/002', 'tile/0/002.p/188', 'tile/1/000.p/2']);
  });
});

describe('a proof from tiles', () => {
  test('from 10 million leaves takes at most six tiles, each once', () => {
    const size = 10_000_000n;
    const root = rootAt(size, readSame);
    for (const index of [0n, 1n, 255n, 256n, 65_535n, 4_999_999n, 8_388_608n, 9_999_999n]) {
      const inclusion = recordSame();
      const proof = buildInclusionProof(index, size, tileReader(size, inclusion.read));
      verifyInclusion({ leafHash: same[0]!, index, size, proof, root });
      expect(inclusion.reads.length).toBeLessThanOrEqual(6);
      expect(new Set(inclusion.reads).size).toBe(inclusion.reads.length);

      const [size1, growth] = [index + 1n, recordSame()];
      verifyConsistency({
        size1,
        root1: rootAt(size1, readSame),
        size2: size,
        root2: root,
        proof: buildConsistencyProof(size1, size, tileReader(size, growth.read)),
      });
      expect(growth.reads.length).toBeLessThanOrEqual(6);
    }
  });

  test('takes one more a level at most where partial tiles have gone', () => {
    const size = fc.bigInt({ min: 1n, max: MAX_SIZE });
    fc.assert(
      fc.property(size, fc.bigInt({ min: 0n, max: MAX_SIZE }), (n, seed) => {
        const { reads, read } = recordSame();
        const gone: ReadTile = (id) => {
          const bytes = read(id);
          return id.width === 256 ? bytes : undefined;
        };
        const proof = buildInclusionProof(seed % n, n, tileReader(n, gone));
        expect(proof).toEqual(buildInclusionProof(seed % n, n, readSame));
        expect(reads.length).toBeLessThanOrEqual(3 * tileLevels(n));
        expect(new Set(reads).size).toBe(reads.length);
      }),
      { numRuns: 20 },
    );
  });

  test('takes two tiles a level at most, up to the largest tree, and those named beforehand', () => {
    const size = fc.oneof(
      fc.bigInt({ min: 1n, max: MAX_SIZE }),
      fc.bigInt({ min: 1n, max: 100_000n }),
    );
    fc.assert(
      fc.property(size, fc.bigInt({ min: 0n, max: MAX_SIZE }), (n, seed) => {
        const index = seed % n;
        const [inclusion, growth] = [recordSame(), recordSame()];
        buildInclusionProof(index, n, tileReader(n, inclusion.read));
        buildConsistencyProof(index + 1n, n, tileReader(n, growth.read));
        for (const [{ reads }, ids] of [
          [inclusion, inclusionNodes(index, n)],
          [growth, consistencyNodes(index + 1n, n)],
        ] as const) {
          expect(reads).toEqual(nodeTiles(n, ids).map(tilePath));
          expect(reads.length).toBeLessThanOrEqual(2 * tileLevels(n));
        }
        expect(nodeTiles(n, frontierNodes(n)).length).toBeLessThanOrEqual(tileLevels(n));
      }),
      { numRuns: 25 },
    );
  });
});

describe('a tile', () => {
  test('that is lost is a missing node, not a guess', () => {
    const served = serve(700);
    served.delete('tile/0/001');
    const read = tileReader(700n, from(served));
    expect(() => buildInclusionProof(300n, 700n, read)).toThrow(refused('MISSING_NODE'));
  });

  test('that is lost and then found is asked for again', () => {
    const [served, late] = [serve(700), new Map<string, Uint8Array>()];
    const read = tileReader(700n, from(late));
    expect(read({ level: 0, index: 0n })).toBeUndefined();
    late.set('tile/0/000', served.get('tile/0/000')!);
    expect(read({ level: 0, index: 0n })).toEqual(leaves[0]);
  });

  test.each([0, 31, 8_160, 8_191, 8_193, 16_384])('of %i bytes is refused', (length) => {
    const read = tileReader(700n, () => new Uint8Array(length));
    expect(() => read({ level: 0, index: 0n })).toThrow(refused('MALFORMED_TILE'));
  });

  test('that lies gives a proof that does not verify', () => {
    const served = serve(700);
    served.get('tile/0/001')!.fill(7, 40, 41);
    const proof = buildInclusionProof(300n, 700n, tileReader(700n, from(served)));
    const root = rootOf(leaves.slice(0, 700));
    expect(() => {
      verifyInclusion({ leafHash: leaves[300]!, index: 300n, size: 700n, proof, root });
    }).toThrow(refused('BAD_PROOF'));
  });

  test('is never asked for beyond the tree', () => {
    const read = tileReader(700n, () => expect.fail('nothing to read'));
    const beyond = [
      { level: 0, index: 700n },
      { level: 0, index: -1n },
      { level: -1, index: 0n },
      { level: 8, index: 2n },
      { level: 64, index: 0n },
    ];
    for (const node of beyond) expect(read(node)).toBeUndefined();
    expect(nodeTiles(700n, beyond)).toEqual([]);
  });

  test.each([-1n, 2n ** 64n])('of a tree of %i leaves there is none', (size) => {
    expect(() => tileReader(size, () => undefined)).toThrow(refused('OUT_OF_RANGE'));
    expect(() => nodeTiles(size, [])).toThrow(refused('OUT_OF_RANGE'));
  });
});
