import { TlogError } from './error.js';
import { asHash, equalBytes, hashChildren } from './merkle.js';
import { asIndex } from './position.js';
import { rangeHash, rangeNodes, splitPoint } from './range.js';
import type { LeafRange, NodeId, ReadNode } from './range.js';

/** Widest subtree whose places are counted as numbers of 32 bits. */
const SMALL = 2n ** 30n;

/** A leaf and its place. */
export interface PlacedLeaf {
  readonly index: bigint;
  /** 32 bytes. */
  readonly leafHash: Uint8Array;
}

/** Claim and proof that these leaves, and no others, stand at these places of one tree. */
export interface LeafSetClaim {
  /** At least one, by rising index. */
  readonly leaves: readonly PlacedLeaf[];
  readonly size: bigint;
  /** Hashes of the subtrees that hold none of the leaves, left to right. */
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

interface Subset {
  readonly leaves: readonly PlacedLeaf[];
  readonly from: number;
  readonly to: number;
  /** Gives the next hash of the proof. */
  readonly otherHash: () => Uint8Array;
}

/**
 * Names the stored nodes that {@link buildLeafSetProof} reads.
 *
 * @throws TlogError OUT_OF_RANGE unless there is an index, they rise, and each is in the tree
 */
export function leafSetNodes(indexes: readonly bigint[], size: bigint): readonly NodeId[] {
  return otherRanges(indexes, size).flatMap(rangeNodes);
}

/**
 * Proves many leaves of one tree at once. A tree is cut where it parts leaves of the set; what is cut
 * off whole stands in the proof as one hash. One leaf needs as many hashes as its inclusion proof, a
 * stretch of leaves hardly more than its first and last together.
 *
 * @param indexes rising
 * @throws TlogError OUT_OF_RANGE as {@link leafSetNodes}; MISSING_NODE; MALFORMED_HASH
 */
export function buildLeafSetProof(
  indexes: readonly bigint[],
  size: bigint,
  read: ReadNode,
): readonly Uint8Array[] {
  return otherRanges(indexes, size).map((range) => rangeHash(range, read));
}

/**
 * Verifies that each leaf stands at its index of the tree of `size` leaves with this root; returns
 * when they do. A set that lacks one of the leaves, or has one too many, needs another proof.
 *
 * @throws TlogError OUT_OF_RANGE as {@link leafSetNodes}
 * @throws TlogError MALFORMED_HASH when a hash has not 32 bytes
 * @throws TlogError BAD_PROOF when the proof is too short, too long, or leads to another root
 */
export function verifyLeafSet({ leaves, size, proof, root }: LeafSetClaim): void {
  checkIndexes(
    leaves.map(({ index }) => index),
    size,
  );
  let used = 0;
  const otherHash = (): Uint8Array => {
    const hash = proof[used];
    used += 1;
    if (hash === undefined) throw refusal(leaves.length, size, 'the proof has too few hashes');
    return asHash(hash);
  };
  const hashOf = ({ begin, end }: LeafRange, from: number, to: number): Uint8Array => {
    if (from === to) return otherHash();
    if (end - begin <= SMALL) return hashSubtree({ leaves, from, to, otherHash }, begin, end);
    const split = begin + splitPoint(end - begin);
    const middle = firstFrom(leaves, from, to, split);
    const left = hashOf({ begin, end: split }, from, middle);
    return hashChildren(left, hashOf({ begin: split, end }, middle, to));
  };
  const reached = hashOf({ begin: 0n, end: size }, 0, leaves.length);
  if (used < proof.length) throw refusal(leaves.length, size, 'the proof has too many hashes');
  if (!equalBytes(reached, asHash(root))) {
    throw refusal(leaves.length, size, 'the proof leads to another root');
  }
}

/**
 * Hashes a subtree that holds the leaves `from` to `to` of a set. Its places are counted from its first
 * one: then they are small, and counting costs nothing beside hashing.
 */
function hashSubtree(
  { leaves, from: first, to: last, otherHash }: Subset,
  begin: bigint,
  end: bigint,
): Uint8Array {
  const places: number[] = [];
  for (let at = first; at < last; at += 1) {
    places.push(Number((leaves[at]?.index ?? end) - begin));
  }
  /** Leaves `from` to `to` of those here, under `width` places from `low` on. */
  const hashOf = (low: number, width: number, from: number, to: number): Uint8Array => {
    if (from === to) return otherHash();
    const leaf = leaves[first + from];
    if (width === 1 && leaf !== undefined) return asHash(leaf.leafHash);
    // The largest power of two below the width.
    const half = 1 << (31 - Math.clz32(width - 1));
    let [middle, above] = [from, to];
    while (middle < above) {
      const probe = (middle + above) >> 1;
      if ((places[probe] ?? low) < low + half) middle = probe + 1;
      else above = probe;
    }
    const left = hashOf(low, half, from, middle);
    return hashChildren(left, hashOf(low + half, width - half, middle, to));
  };
  return hashOf(0, Number(end - begin), 0, places.length);
}

/** The subtrees that hold none of the leaves, left to right, each as large as can be. */
function otherRanges(indexes: readonly bigint[], size: bigint): readonly LeafRange[] {
  checkIndexes(indexes, size);
  const places = indexes.map((index) => ({ index }));
  const ranges: LeafRange[] = [];
  const visit = ({ begin, end }: LeafRange, from: number, to: number): void => {
    if (from === to) {
      ranges.push({ begin, end });
      return;
    }
    if (end - begin === 1n) return;
    const split = begin + splitPoint(end - begin);
    const middle = firstFrom(places, from, to, split);
    visit({ begin, end: split }, from, middle);
    visit({ begin: split, end }, middle, to);
  };
  visit({ begin: 0n, end: size }, 0, places.length);
  return ranges;
}

/** Position, from `from` to `to`, of the first leaf at or after an index. */
function firstFrom(
  places: readonly { readonly index: bigint }[],
  from: number,
  to: number,
  index: bigint,
): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.index ?? index) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkIndexes(indexes: readonly bigint[], size: bigint): void {
  let last = -1n;
  for (const index of indexes) {
    asIndex(index, size);
    if (index <= last) {
      throw new TlogError(
        'OUT_OF_RANGE',
        `leaf ${String(index)} follows leaf ${String(last)}: expected rising indexes`,
      );
    }
    last = index;
  }
  // Nothing would be shown of a tree whose root alone is repeated.
  if (last < 0n) throw new TlogError('OUT_OF_RANGE', 'a proof is of one leaf at least');
}

function refusal(count: number, size: bigint, why: string): TlogError {
  return new TlogError(
    'BAD_PROOF',
    `${count} leaves are not shown to be in the tree of size ${String(size)}: ${why}`,
  );
}
