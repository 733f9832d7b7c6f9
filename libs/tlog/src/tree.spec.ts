import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_FRONTIER,
  MAX_SIZE,
  appendLeaves,
  buildConsistencyProof,
  buildInclusionProof,
  consistencyNodes,
  frontierNodes,
  hashLeaf,
  inclusionNodes,
  readFrontier,
  rootAt,
  rootOf,
  rootOfFrontier,
  verifyConsistency,
  verifyInclusion,
} from './index.js';
import type { NodeId, ReadNode, TreeNode } from './index.js';

const leaves = Array.from({ length: 2_100 }, (_, i) => hashLeaf(Buffer.from(`leaf ${i}`)));
const key = ({ level, index }: NodeId): string => `${level}/${String(index)}`;

function store(nodes: readonly TreeNode[]): ReadNode {
  const held = new Map(nodes.map((node) => [key(node), node.hash]));
  return (id) => held.get(key(id));
}

const grown = appendLeaves(EMPTY_FRONTIER, leaves);
const read = store(grown.nodes);
const roots = Array.from({ length: 301 }, (_, size) => rootOf(leaves.slice(0, size)));
const rootFor = (size: number): Uint8Array => roots[size] ?? rootOf(leaves.slice(0, size));

function checkInclusion(index: number, size: number): void {
  const proof = buildInclusionProof(BigInt(index), BigInt(size), read);
  verifyInclusion({
    leafHash: leaves[index]!,
    index: BigInt(index),
    size: BigInt(size),
    proof,
    root: rootFor(size),
  });
}

function checkConsistency(size1: number, size2: number): void {
  verifyConsistency({
    size1: BigInt(size1),
    root1: rootFor(size1),
    size2: BigInt(size2),
    root2: rootFor(size2),
    proof: buildConsistencyProof(BigInt(size1), BigInt(size2), read),
  });
}

describe('growth', () => {
  test('the root of every earlier size is that of the recursive definition', () => {
    for (let size = 0; size <= 300; size += 1) {
      expect(rootAt(BigInt(size), read)).toEqual(rootFor(size));
    }
    expect(rootOfFrontier(grown.frontier)).toEqual(rootOf(leaves));
  });

  test('batches of any sizes give the same nodes as one, each exactly once', () => {
    const batches = fc.array(fc.nat({ max: 20 }), { maxLength: 12 });
    fc.assert(
      fc.property(batches, (counts) => {
        let frontier = EMPTY_FRONTIER;
        const nodes: TreeNode[] = [];
        for (const count of counts) {
          const at = Number(frontier.size);
          const step = appendLeaves(frontier, leaves.slice(at, at + count));
          nodes.push(...step.nodes);
          frontier = step.frontier;
        }
        const whole = appendLeaves(EMPTY_FRONTIER, leaves.slice(0, Number(frontier.size)));
        expect(nodes).toEqual(whole.nodes);
        expect(frontier).toEqual(whole.frontier);
      }),
    );
  });

  test('a restart goes on from stored nodes', () => {
    for (const size of [0, 1, 2, 3, 7, 8, 255, 256, 300]) {
      const again = readFrontier(BigInt(size), read);
      expect(appendLeaves(again, leaves.slice(size)).frontier).toEqual(grown.frontier);
    }
  });

  test('a frontier that is handed in is not changed', () => {
    const { frontier } = appendLeaves(EMPTY_FRONTIER, leaves.slice(0, 3));
    const before = structuredClone(frontier);
    appendLeaves(frontier, leaves.slice(3, 5));
    expect(frontier).toEqual(before);
  });

  test('a leaf hash of another length, or a leaf too many, is refused', () => {
    expect(() => appendLeaves(EMPTY_FRONTIER, [new Uint8Array(31)])).toThrow(
      expect.objectContaining({ code: 'MALFORMED_HASH' }),
    );
    expect(() => appendLeaves({ size: MAX_SIZE, hashes: [] }, [leaves[0]!])).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});

describe('proofs from complete subtrees', () => {
  test('every leaf of every size up to 128 is proven', () => {
    for (let size = 1; size <= 128; size += 1) {
      for (let index = 0; index < size; index += 1) checkInclusion(index, size);
    }
  });

  test('the ends and the borders of every size up to 300 are proven', () => {
    for (let size = 1; size <= 300; size += 1) {
      for (const index of [0, 1, 63, 64, 255, 256, size - 2, size - 1]) {
        if (index >= 0 && index < size) checkInclusion(index, size);
      }
    }
  });

  test('every growth up to size 128, and many up to 300, is proven', () => {
    for (let size2 = 1; size2 <= 300; size2 += 1) {
      const step = size2 <= 128 ? 1 : 17;
      for (let size1 = 1; size1 <= size2; size1 += step) checkConsistency(size1, size2);
    }
  });

  test('random bigger trees are proven', () => {
    const size = fc.integer({ min: 301, max: leaves.length });
    fc.assert(
      fc.property(size, fc.nat(), (size2, seed) => {
        checkInclusion(seed % size2, size2);
        checkConsistency((seed % size2) + 1, size2);
      }),
      { numRuns: 60 },
    );
  });

  test('a proof of one leaf does not prove another', () => {
    const proof = buildInclusionProof(5n, 300n, read);
    expect(() => {
      verifyInclusion({ leafHash: leaves[6]!, index: 5n, size: 300n, proof, root: rootFor(300) });
    }).toThrow(expect.objectContaining({ code: 'BAD_PROOF' }));
  });
});

describe('what a proof reads', () => {
  const recording = (): { ids: string[]; read: ReadNode } => {
    const ids: string[] = [];
    return { ids, read: (id) => (ids.push(key(id)), leaves[0]) };
  };

  test('is what was named beforehand, and a small multiple of log n, up to the largest tree', () => {
    const size = fc.bigInt({ min: 1n, max: MAX_SIZE });
    fc.assert(
      fc.property(size, fc.bigInt({ min: 0n, max: MAX_SIZE }), (n, seed) => {
        const index = seed % n;
        const log2 = (n - 1n).toString(2).length;
        const inclusion = recording();
        expect(buildInclusionProof(index, n, inclusion.read).length).toBeLessThanOrEqual(log2);
        expect(inclusion.ids).toEqual(inclusionNodes(index, n).map(key));
        expect(inclusion.ids.length).toBeLessThanOrEqual(2 * log2);

        const consistency = recording();
        const proof = buildConsistencyProof(index + 1n, n, consistency.read);
        expect(proof.length).toBeLessThanOrEqual(log2 + 1);
        expect(consistency.ids).toEqual(consistencyNodes(index + 1n, n).map(key));
        expect(consistency.ids.length).toBeLessThanOrEqual(2 * log2 + 1);
        expect(frontierNodes(n).length).toBeLessThanOrEqual(64);
      }),
    );
  });

  test('is complete subtrees only', () => {
    for (const { level, index } of [...inclusionNodes(0n, 299n), ...consistencyNodes(7n, 299n)]) {
      expect((index + 1n) << BigInt(level)).toBeLessThanOrEqual(299n);
    }
  });

  test('a node that storage has lost is named, not guessed', () => {
    expect(() => buildInclusionProof(0n, 300n, () => undefined)).toThrow(
      expect.objectContaining({ code: 'MISSING_NODE' }),
    );
  });

  test.each([
    [0n, 0n],
    [3n, 3n],
    [-1n, 3n],
  ])('leaf %i of %i has no proof', (index, size) => {
    expect(() => inclusionNodes(index, size)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });

  test.each([
    [0n, 3n],
    [4n, 3n],
    [1n, 2n ** 64n],
  ])('growth from %i to %i has no proof', (size1, size2) => {
    expect(() => consistencyNodes(size1, size2)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});
