import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendLeaves, EMPTY_FRONTIER } from './frontier.js';
import { buildLeafSetProof, leafSetNodes, verifyLeafSet, type LeafSetClaim } from './leaf-set.js';
import { hashChildren, hashLeaf, rootOf } from './merkle.js';
import { buildInclusionProof } from './path.js';
import { rangeHash, splitPoint, type NodeId, type ReadNode } from './range.js';

const leaves = Array.from({ length: 80 }, (_, at) => hashLeaf(Buffer.from(`leaf ${at}`)));
const key = ({ level, index }: NodeId): string => `${level}/${String(index)}`;
const held = new Map(appendLeaves(EMPTY_FRONTIER, leaves).nodes.map((it) => [key(it), it.hash]));
const read: ReadNode = (id) => held.get(key(id));

function claimOf(indexes: readonly number[], size: number): LeafSetClaim {
  const places = indexes.map(BigInt);
  return {
    leaves: places.map((index) => ({ index, leafHash: leaves[Number(index)]! })),
    size: BigInt(size),
    proof: buildLeafSetProof(places, BigInt(size), read),
    root: rootOf(leaves.slice(0, size)),
  };
}

const setArb = fc
  .integer({ min: 1, max: 80 })
  .chain((size) =>
    fc
      .uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 20 })
      .map((indexes): [number[], number] => [indexes.toSorted((a, b) => a - b), size]),
  );

describe('a proof of many leaves', () => {
  test('is accepted for any set of leaves of any tree', () => {
    fc.assert(
      fc.property(setArb, ([indexes, size]) => {
        verifyLeafSet(claimOf(indexes, size));
      }),
    );
  });

  test('of one leaf has as many hashes as its inclusion proof', () => {
    for (let index = 0; index < 77; index += 1) {
      const one = buildLeafSetProof([BigInt(index)], 77n, read);
      expect(one).toHaveLength(buildInclusionProof(BigInt(index), 77n, read).length);
    }
  });

  test('of all leaves needs no hash', () => {
    expect(claimOf([...leaves.keys()], 80).proof).toEqual([]);
  });

  test('reads the nodes that it names, and no others', () => {
    fc.assert(
      fc.property(setArb, ([indexes, size]) => {
        const asked: string[] = [];
        buildLeafSetProof(indexes.map(BigInt), BigInt(size), (id) => {
          asked.push(key(id));
          return read(id);
        });
        expect(asked).toEqual(leafSetNodes(indexes.map(BigInt), BigInt(size)).map(key));
      }),
    );
  });

  test('is refused with a leaf left out, exchanged or at another place', () => {
    fc.assert(
      fc.property(setArb, fc.nat(), ([indexes, size], pick) => {
        const claim = claimOf(indexes, size);
        const at = pick % indexes.length;
        const { index } = claim.leaves[at]!;
        const other = { index, leafHash: hashLeaf(Buffer.from('another')) };
        const taken = new Set(indexes);
        const free = Array.from({ length: size }, (_, n) => n).find((n) => !taken.has(n));
        const forged = [claim.leaves.toSpliced(at, 1), claim.leaves.toSpliced(at, 1, other)];
        if (free !== undefined) {
          const moved = { index: BigInt(free), leafHash: claim.leaves[at]!.leafHash };
          forged.push(
            claim.leaves.toSpliced(at, 1, moved).toSorted((a, b) => Number(a.index - b.index)),
          );
        }
        for (const wrong of forged) {
          expect(() => {
            verifyLeafSet({ ...claim, leaves: wrong });
          }).toThrow(expect.objectContaining({ name: 'TlogError' }) as Error);
        }
      }),
    );
  });

  test.each<[string, (claim: LeafSetClaim) => LeafSetClaim, string]>([
    ['a hash too few', (it) => ({ ...it, proof: it.proof.slice(1) }), 'BAD_PROOF'],
    ['a hash too many', (it) => ({ ...it, proof: [...it.proof, it.root] }), 'BAD_PROOF'],
    ['hashes swapped', (it) => ({ ...it, proof: it.proof.toReversed() }), 'BAD_PROOF'],
    ['another root', (it) => ({ ...it, root: leaves[0]! }), 'BAD_PROOF'],
    ['another depth', (it) => ({ ...it, size: 100n }), 'BAD_PROOF'],
    ['a size that leaves out a leaf', (it) => ({ ...it, size: 9n }), 'OUT_OF_RANGE'],
    [
      'leaves in falling order',
      (it) => ({ ...it, leaves: it.leaves.toReversed() }),
      'OUT_OF_RANGE',
    ],
    ['no leaf at all', (it) => ({ ...it, leaves: [], proof: [it.root] }), 'OUT_OF_RANGE'],
    ['a short hash', (it) => ({ ...it, proof: [new Uint8Array(31)] }), 'MALFORMED_HASH'],
  ])('with %s is refused', (_what, forge, code) => {
    const claim = claimOf([3, 4, 5, 20], 40);
    expect(() => {
      verifyLeafSet(forge(claim));
    }).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe('a proof in a tree that is larger than anybody keeps', () => {
  /** Two trees, of a power of two and of no such number, both wider than 32 bits count. */
  const sizes = [2n ** 40n, 2n ** 33n + 2n ** 30n + 5n];
  const nodeOf: ReadNode = (id) => hashLeaf(Buffer.from(key(id)));

  /** The definition, in whole numbers of any size: no leaf set is larger than its leaves. */
  function rootBy(begin: bigint, end: bigint, claim: Pick<LeafSetClaim, 'leaves'>): Uint8Array {
    const inside = claim.leaves.filter(({ index }) => index >= begin && index < end);
    if (inside.length === 0) return rangeHash({ begin, end }, nodeOf);
    if (end - begin === 1n) return inside[0]!.leafHash;
    const split = begin + splitPoint(end - begin);
    return hashChildren(rootBy(begin, split, claim), rootBy(split, end, claim));
  }

  const farArb = fc
    .constantFrom(...sizes)
    .chain((size) =>
      fc
        .uniqueArray(
          fc.oneof(
            fc.bigInt({ min: 0n, max: size - 1n }),
            fc.bigInt({ min: size - 9n, max: size - 1n }),
            fc.bigInt({ min: 2n ** 30n - 2n, max: 2n ** 30n + 2n }),
          ),
          { minLength: 1, maxLength: 12 },
        )
        .map((indexes) => ({ size, indexes: indexes.toSorted((a, b) => (a < b ? -1 : 1)) })),
    );

  test('is accepted for the root by definition, and for no other set', () => {
    fc.assert(
      fc.property(farArb, ({ size, indexes }) => {
        const placed = indexes.map((index, at) => ({ index, leafHash: leaves[at]! }));
        const proof = buildLeafSetProof(indexes, size, nodeOf);
        const root = rootBy(0n, size, { leaves: placed });
        verifyLeafSet({ leaves: placed, size, proof, root });
        const swapped = placed.map((leaf, at) => ({ ...leaf, leafHash: leaves[at + 1]! }));
        expect(() => {
          verifyLeafSet({ leaves: swapped, size, proof, root });
        }).toThrow(expect.objectContaining({ code: 'BAD_PROOF' }));
        if (placed.length === 1) return;
        expect(() => {
          verifyLeafSet({ leaves: placed.slice(1), size, proof, root });
        }).toThrow(expect.objectContaining({ code: 'BAD_PROOF' }));
      }),
    );
  });
});
