import { toBase64 } from '#libs/encoding';
import { TlogError } from './error.js';
import { asHash, equalBytes, hashChildren } from './merkle.js';
import { PROOF_FILE_HEADER } from './proof-file.js';
import { rangeHash, rangeNodes } from './range.js';
import type { NodeId, ReadNode } from './range.js';

/** A stored leaf and its place, below 2^53. */
export interface StoredLeaf {
  readonly index: number;
  /** 32 bytes. */
  readonly leafHash: Uint8Array;
}

/** What proof files of many leaves are made from. */
export interface LeafProofs {
  /** By rising index. */
  readonly leaves: readonly StoredLeaf[];
  /** Of the tree, below 2^53. */
  readonly size: number;
  readonly root: Uint8Array;
  /** Hands out the nodes of {@link leafProofNodes}. */
  readonly read: ReadNode;
  /** The signed note that says size and root. */
  readonly checkpoint: string;
}

/** A subtree with leaves that are to be proven; without children it is one of them. */
interface Branch {
  readonly hash: Uint8Array;
  readonly children?: readonly [Branch, Branch];
  /** How many of the leaves are in it. */
  readonly count: number;
}

/**
 * Names the stored nodes that {@link formatLeafProofs} reads: of the subtrees that hold none of the
 * leaves, each as large as can be. What lies between the leaves is computed from them.
 *
 * @throws TlogError OUT_OF_RANGE unless the indexes rise, and each is in the tree
 */
export function leafProofNodes(indexes: readonly number[], size: number): readonly NodeId[] {
  checkIndexes(indexes, size);
  const nodes: NodeId[] = [];
  const visit = (begin: number, end: number, from: number, to: number): void => {
    if (from === to) nodes.push(...rangeNodes({ begin: BigInt(begin), end: BigInt(end) }));
    else if (end - begin > 1) {
      const split = begin + splitPoint(end - begin);
      const middle = firstFrom(indexes, from, to, split);
      visit(begin, split, from, middle);
      visit(split, end, middle, to);
    }
  };
  if (indexes.length > 0) visit(0, size, 0, indexes.length);
  return nodes;
}

/**
 * Writes the proof file of each leaf, as formatProofFile does, in the order of the leaves. None is
 * handed out that does not verify, though none is verified by itself: every hash that stands in one of
 * them went into the root that was reached, or came out on the way there, and whoever finds another hash
 * for one of these places has broken SHA-256.
 *
 * Takes two hashes' time per leaf where the leaves stand side by side.
 *
 * @throws TlogError OUT_OF_RANGE as {@link leafProofNodes}
 * @throws TlogError MISSING_NODE when `read` has not one of the nodes
 * @throws TlogError MALFORMED_HASH when a hash has not 32 bytes
 * @throws TlogError BAD_PROOF when leaves and nodes lead to another root
 * Source: RFC 6962 section 2.1.1; C2SP tlog-proof, "Format"
 */
export function formatLeafProofs(proofs: LeafProofs): readonly string[] {
  const { leaves, size, root, checkpoint } = proofs;
  const whole = branchOf(proofs);
  if (whole === undefined) return [];
  if (!equalBytes(whole.hash, asHash(root))) {
    throw new TlogError(
      'BAD_PROOF',
      `${leaves.length} leaves are not shown to be in the tree of size ${size}: they and the stored nodes lead to another root`,
    );
  }
  const files: string[] = [];
  const write = ({ children, count }: Branch, above: string): void => {
    if (children === undefined) {
      const { index } = leaves[files.length] ?? { index: 0 };
      files.push(`${PROOF_FILE_HEADER}\nindex ${index}\n${above}\n${checkpoint}`);
      return;
    }
    const [left, right] = children;
    if (left.count > 0) write(left, `${toBase64(right.hash)}\n${above}`);
    if (left.count < count) write(right, `${toBase64(left.hash)}\n${above}`);
  };
  write(whole, '');
  return files;
}

/** Computes the tree down to the leaves; nothing for none. */
function branchOf({ leaves, size, read }: LeafProofs): Branch | undefined {
  const indexes = leaves.map(({ index }) => index);
  checkIndexes(indexes, size);
  const visit = (begin: number, end: number, from: number, to: number): Branch => {
    const count = to - from;
    if (count === 0) {
      return { hash: rangeHash({ begin: BigInt(begin), end: BigInt(end) }, read), count };
    }
    const leaf = leaves[from];
    if (end - begin === 1 && leaf !== undefined) return { hash: asHash(leaf.leafHash), count };
    const split = begin + splitPoint(end - begin);
    const middle = firstFrom(indexes, from, to, split);
    const left = visit(begin, split, from, middle);
    const right = visit(split, end, middle, to);
    return { hash: hashChildren(left.hash, right.hash), children: [left, right], count };
  };
  return leaves.length === 0 ? undefined : visit(0, size, 0, leaves.length);
}

/** Largest power of two below `n`, for 1 < n < 2^53, where shifts of 32 bits would not do. */
function splitPoint(n: number): number {
  const high = Math.floor((n - 1) / 2 ** 32);
  return high > 0 ? 2 ** (63 - Math.clz32(high)) : 2 ** (31 - Math.clz32(n - 1));
}

/** Position, from `from` to `to`, of the first index at or after another. */
function firstFrom(indexes: readonly number[], from: number, to: number, index: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((indexes[middle] ?? index) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkIndexes(indexes: readonly number[], size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new TlogError('OUT_OF_RANGE', `${size} is not a tree size: expected 0 to 2^53 - 1`);
  }
  let last = -1;
  for (const index of indexes) {
    if (!Number.isSafeInteger(index) || index <= last || index >= size) {
      throw new TlogError(
        'OUT_OF_RANGE',
        `leaf ${index} follows leaf ${last} in a tree of ${size} leaves: expected rising indexes`,
      );
    }
    last = index;
  }
}
