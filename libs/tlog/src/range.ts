import { TlogError } from './error.js';
import { asHash, hashChildren } from './merkle.js';

/**
 * A complete subtree: 2^level leaves, the first of them leaf `index` * 2^level. Level 0 is the
 * leaves. Its hash never changes once its leaves are appended, so it is stored once and for ever.
 */
export interface NodeId {
  readonly level: number;
  readonly index: bigint;
}

/** A complete subtree with its 32-byte hash, as it is stored. */
export interface TreeNode extends NodeId {
  readonly hash: Uint8Array;
}

/** Hands out the stored hash of a complete subtree; `undefined` when it is not at hand. */
export type ReadNode = (id: NodeId) => Uint8Array | undefined;

/** Leaves `begin` (inclusive) to `end` (exclusive) that together are one subtree of some tree. */
export interface LeafRange {
  readonly begin: bigint;
  readonly end: bigint;
}

/** Gives the largest power of two below `n`, for n > 1: where RFC 6962 splits a tree of n leaves. */
export function splitPoint(n: bigint): bigint {
  return 1n << (bitLength(n - 1n) - 1n);
}

/** Names the complete subtrees that tile the range, left to right, largest first. */
export function rangeNodes({ begin, end }: LeafRange): readonly NodeId[] {
  const nodes: NodeId[] = [];
  let at = begin;
  while (at < end) {
    const level = bitLength(end - at) - 1n;
    nodes.push({ level: Number(level), index: at >> level });
    at += 1n << level;
  }
  return nodes;
}

/**
 * Computes the hash of the range from its complete subtrees.
 *
 * @throws TlogError MISSING_NODE when `read` has not one of them
 * @throws TlogError MALFORMED_HASH when a stored hash has not 32 bytes
 */
export function rangeHash(range: LeafRange, read: ReadNode): Uint8Array {
  const hashes = rangeNodes(range).map((id) => asHash(readOrThrow(id, read)));
  return foldRight(hashes);
}

/** Joins subtrees of falling size into one hash, the smallest two first. */
export function foldRight(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.reduceRight((right, left) => hashChildren(left, right));
}

export function readOrThrow(id: NodeId, read: ReadNode): Uint8Array {
  const hash = read(id);
  if (hash !== undefined) return hash;
  throw new TlogError(
    'MISSING_NODE',
    `node ${String(id.index)} of level ${id.level} is not stored: expected every complete subtree of the tree`,
  );
}

function bitLength(n: bigint): bigint {
  return BigInt(n.toString(2).length);
}
