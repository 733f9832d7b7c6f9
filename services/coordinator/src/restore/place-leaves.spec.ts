import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { toHex } from '#libs/encoding';
import {
  appendLeaves,
  buildInclusionProof,
  EMPTY_FRONTIER,
  frontierNodes,
  hashLeaf,
  inclusionRanges,
  rootAt,
  type NodeId,
} from '#libs/tlog';
import { KnownRanges } from './known-ranges.js';
import { placeLeaves } from './place-leaves.js';

const hashes = Array.from({ length: 40 }, (_, at) => hashLeaf(Buffer.from(`leaf ${at}`)));
const nodes = new Map(
  appendLeaves(EMPTY_FRONTIER, hashes).nodes.map(({ level, index, hash }) => [
    `${level}/${index}`,
    hash,
  ]),
);
const read = ({ level, index }: NodeId): Uint8Array | undefined => nodes.get(`${level}/${index}`);

/** What is known of a tree of which `from` leaves are stored and these have receipts. */
function puzzle(from: number, size: number, receipted: readonly number[]) {
  const ranges = new KnownRanges();
  for (const node of frontierNodes(BigInt(from))) {
    const begin = node.index << BigInt(node.level);
    ranges.add({ begin, end: begin + (1n << BigInt(node.level)) }, read(node)!);
  }
  ranges.add({ begin: 0n, end: BigInt(size) }, rootAt(BigInt(size), read));
  for (const index of receipted) {
    const proof = buildInclusionProof(BigInt(index), BigInt(size), read);
    for (const [at, range] of inclusionRanges(BigInt(index), BigInt(size)).entries()) {
      ranges.add(range, proof[at]!);
    }
  }
  const proven = new Map(receipted.map((index) => [index, hashes[index]!]));
  return { from, size, ranges, proven };
}

const indexOf = (hash: Uint8Array): number => hashes.findIndex((it) => toHex(it) === toHex(hash));

describe('leaves that come without a proof', () => {
  test('are placed where the proofs of their neighbours say', () => {
    const loose = [9, 10, 12].map((at) => hashes[at]!);
    const placed = placeLeaves({ ...puzzle(9, 13, [11]), loose });
    expect([...placed].map(([index, hash]) => [index, indexOf(hash)]).toSorted()).toEqual(
      [9, 10, 11, 12].map((at) => [at, at]).toSorted(),
    );
  });

  test('are placed nowhere where one beside them is missing, and nothing tells them apart', () => {
    const placed = placeLeaves({ ...puzzle(8, 12, [8]), loose: [hashes[10]!] });
    expect([...placed.keys()]).toEqual([8]);
  });

  test('of another log are placed nowhere', () => {
    const strange = Array.from({ length: 30 }, (_, at) => hashLeaf(Buffer.from(`strange ${at}`)));
    const placed = placeLeaves({ ...puzzle(8, 12, [8, 11]), loose: [...strange, hashes[9]!] });
    expect([...placed.keys()].toSorted((a, b) => a - b)).toEqual([8, 9, 11]);
  });

  test('of which there are too many to be tried in every order stay missing, soon', () => {
    const loose = hashes.slice(4, 40);
    expect(placeLeaves({ ...puzzle(4, 40, []), loose }).size).toBe(0);
  });
});

test('no leaf is ever put in another’s place, whoever has receipts and whatever is missing', () => {
  const anyPuzzle = fc
    .record({ from: fc.integer({ min: 0, max: 20 }), more: fc.integer({ min: 1, max: 19 }) })
    .chain(({ from, more }) => {
      const indexes = Array.from({ length: more }, (_, at) => from + at);
      return fc.record({
        ...{ from: fc.constant(from), size: fc.constant(from + more) },
        receipted: fc.subarray(indexes),
        held: fc.subarray(indexes),
      });
    });
  fc.assert(
    fc.property(anyPuzzle, ({ from, size, receipted, held }) => {
      const loose = held.toReversed().map((at) => hashes[at]!);
      const placed = placeLeaves({ ...puzzle(from, size, receipted), loose });
      for (const [index, hash] of placed) expect(indexOf(hash)).toBe(index);
      for (const index of receipted) expect(placed.has(index)).toBe(true);
      // One that is missing among leaves with receipts is told by its neighbour's proof.
      const isEasy = receipted.length >= size - from - 1;
      if (isEasy && held.length === size - from) expect(placed.size).toBe(size - from);
    }),
    { numRuns: 60 },
  );
});

test('two hashes for one subtree are two trees that somebody signed', () => {
  const ranges = new KnownRanges();
  ranges.add({ begin: 0n, end: 4n }, hashes[0]!);
  ranges.add({ begin: 0n, end: 4n }, hashes[0]!);
  expect(() => {
    ranges.add({ begin: 0n, end: 4n }, hashes[1]!);
  }).toThrow(expect.objectContaining({ code: 'COPY_UNUSABLE' }) as Error);
});
