import { EMPTY_ROOT, asHash, hashChildren } from './merkle.js';
import { asSize } from './position.js';
import { foldRight, rangeNodes, readOrThrow } from './range.js';
import type { NodeId, ReadNode, TreeNode } from './range.js';

/**
 * The right edge of a tree, which is all that growing it needs: one hash for each set bit of
 * `size`, the largest complete subtree first. At most 64 hashes.
 */
export interface Frontier {
  readonly size: bigint;
  readonly hashes: readonly Uint8Array[];
}

/** The right edge of the tree without leaves. */
export const EMPTY_FRONTIER: Frontier = { size: 0n, hashes: [] };

/** What appending gives: the new right edge, and the subtrees that became complete, in order. */
export interface Growth {
  readonly frontier: Frontier;
  /** To be stored before the new size is published; leaves (level 0) are among them. */
  readonly nodes: readonly TreeNode[];
}

/**
 * Appends leaves. Takes about two hashes' time per leaf and reads nothing from storage.
 *
 * @throws TlogError MALFORMED_HASH unless every leaf hash has 32 bytes
 * @throws TlogError OUT_OF_RANGE when the tree would pass 2^64 - 1 leaves
 * Source: RFC 6962 section 2.1
 */
export function appendLeaves(frontier: Frontier, leafHashes: readonly Uint8Array[]): Growth {
  const end = asSize(frontier.size + BigInt(leafHashes.length));
  const edge = [...frontier.hashes];
  const nodes: TreeNode[] = [];
  let size = frontier.size;
  for (const leafHash of leafHashes) {
    let hash = asHash(leafHash);
    let level = 0;
    let index = size;
    nodes.push({ level, index, hash });
    for (let left = edge.at(-1); index % 2n === 1n && left !== undefined; left = edge.at(-1)) {
      edge.pop();
      hash = hashChildren(left, hash);
      level += 1;
      index >>= 1n;
      nodes.push({ level, index, hash });
    }
    edge.push(hash);
    size += 1n;
  }
  return { frontier: { size: end, hashes: edge }, nodes };
}

/** Computes the root of the tree whose right edge this is. */
export function rootOfFrontier(frontier: Frontier): Uint8Array {
  return frontier.hashes.length === 0 ? EMPTY_ROOT : foldRight(frontier.hashes);
}

/**
 * Names the stored nodes that make up the right edge of the tree of `size` leaves: at most 64.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 */
export function frontierNodes(size: bigint): readonly NodeId[] {
  return rangeNodes({ begin: 0n, end: asSize(size) });
}

/**
 * Takes the right edge of the tree of `size` leaves from stored nodes, for growing it after a
 * restart or for the root of any earlier size.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 * @throws TlogError MISSING_NODE when `read` has not a node of {@link frontierNodes}
 * @throws TlogError MALFORMED_HASH when a stored hash has not 32 bytes
 */
export function readFrontier(size: bigint, read: ReadNode): Frontier {
  return { size, hashes: frontierNodes(size).map((id) => asHash(readOrThrow(id, read))) };
}

/**
 * Computes the root that the tree had at `size` leaves.
 *
 * @throws TlogError as {@link readFrontier}
 */
export function rootAt(size: bigint, read: ReadNode): Uint8Array {
  return rootOfFrontier(readFrontier(size, read));
}
