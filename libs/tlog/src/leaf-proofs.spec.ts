import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_FRONTIER,
  appendLeaves,
  buildInclusionProof,
  formatLeafProofs,
  formatProofFile,
  hashLeaf,
  leafProofNodes,
  parseProofFile,
  rootOf,
  verifyInclusion,
} from './index.js';
import type { NodeId, ReadNode } from './index.js';

const hashes = Array.from({ length: 700 }, (_, i) => hashLeaf(Buffer.from(`leaf ${i}`)));
const key = ({ level, index }: NodeId): string => `${level}/${String(index)}`;
const held = new Map(
  appendLeaves(EMPTY_FRONTIER, hashes).nodes.map((node) => [key(node), node.hash]),
);
const read: ReadNode = (id) => held.get(key(id));
const checkpoint = 'log.example\n1\nroot\n\n— log.example signature\n';
const refusal = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

const batch = fc
  .record({
    size: fc.integer({ min: 1, max: hashes.length }),
    seeds: fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 40 }),
    stretch: fc.nat({ max: 60 }),
  })
  .map(({ size, seeds, stretch }) => {
    const from = (seeds[0] ?? 0) % size;
    const beside = Array.from({ length: stretch }, (_, at) => (from + at) % size);
    const indexes = [...new Set([...seeds.map((seed) => seed % size), ...beside])];
    return { size, indexes: indexes.toSorted((a, b) => a - b) };
  });

/** The leaves of a tree, and its nodes as far as they were named. */
function proofsOf(indexes: readonly number[], size: number) {
  const named = new Set(leafProofNodes(indexes, size).map(key));
  return {
    leaves: indexes.map((index) => ({ index, leafHash: hashes[index]! })),
    size,
    root: rootOf(hashes.slice(0, size)),
    read: (id: NodeId) => (named.has(key(id)) ? read(id) : undefined),
    checkpoint,
  };
}

describe('proof files of many leaves', () => {
  test('are those of each leaf by itself', () => {
    fc.assert(
      fc.property(batch, ({ size, indexes }) => {
        const alone = indexes.map((index) => {
          const at = BigInt(index);
          const proof = buildInclusionProof(at, BigInt(size), read);
          return formatProofFile({ index: at, proof, checkpoint });
        });
        expect(formatLeafProofs(proofsOf(indexes, size))).toEqual(alone);
      }),
    );
  });

  test('verify, each by itself', () => {
    fc.assert(
      fc.property(batch, ({ size, indexes }) => {
        const proofs = proofsOf(indexes, size);
        for (const [at, text] of formatLeafProofs(proofs).entries()) {
          const leafHash = hashes[indexes[at]!]!;
          verifyInclusion({
            ...parseProofFile(text),
            ...{ leafHash, size: BigInt(size), root: proofs.root },
          });
        }
      }),
    );
  });

  test('are not made of another leaf, another node or another root', () => {
    const flip = (hash: Uint8Array): Uint8Array =>
      hash.map((byte, at) => (at === 9 ? ~byte : byte));
    fc.assert(
      fc.property(batch, fc.nat(), ({ size, indexes }, seed) => {
        const proofs = proofsOf(indexes, size);
        const altered = seed % indexes.length;
        const leaves = proofs.leaves.map((leaf, at) =>
          at === altered ? { ...leaf, leafHash: flip(leaf.leafHash) } : leaf,
        );
        expect(() => formatLeafProofs({ ...proofs, leaves })).toThrow(refusal('BAD_PROOF'));
        const root = flip(proofs.root);
        expect(() => formatLeafProofs({ ...proofs, root })).toThrow(refusal('BAD_PROOF'));
        const nodes = leafProofNodes(indexes, size);
        if (nodes.length === 0) return;
        const wrong = key(nodes[seed % nodes.length]!);
        const lying: ReadNode = (id) => (key(id) === wrong ? flip(read(id)!) : read(id));
        expect(() => formatLeafProofs({ ...proofs, read: lying })).toThrow(refusal('BAD_PROOF'));
        const lacking: ReadNode = (id) => (key(id) === wrong ? undefined : read(id));
        expect(() => formatLeafProofs({ ...proofs, read: lacking })).toThrow(
          refusal('MISSING_NODE'),
        );
      }),
    );
  });

  test('of no leaf are none', () => {
    expect(formatLeafProofs(proofsOf([], 5))).toEqual([]);
    expect(leafProofNodes([], 5)).toEqual([]);
  });

  test('of leaves side by side need no node between them', () => {
    expect(leafProofNodes([4, 5, 6, 7], 8)).toEqual([{ level: 2, index: 0n }]);
  });

  test.each([
    [[3], 3],
    [[-1], 3],
    [[1, 1], 3],
    [[2, 1], 3],
    [[0.5], 3],
    [[0], 2 ** 53],
    [[0], Number.NaN],
  ])('%j of %d leaves is out of range', (indexes, size) => {
    expect(() => leafProofNodes(indexes, size)).toThrow(refusal('OUT_OF_RANGE'));
  });

  test('stand in trees of more leaves than 32 bits count', () => {
    const size = 2 ** 53 - 1;
    const nodes = leafProofNodes([0, 2 ** 40, size - 1], size);
    const leaves = nodes.reduce((sum, { level }) => sum + 2n ** BigInt(level), 3n);
    expect(leaves).toBe(BigInt(size));
    for (const { level, index } of nodes) {
      expect((index + 1n) << BigInt(level)).toBeLessThanOrEqual(BigInt(size));
    }
  });
});
