import { asIndex, checkSizes } from './position.js';
import { rangeHash, rangeNodes, splitPoint } from './range.js';
import type { LeafRange, NodeId, ReadNode } from './range.js';

/**
 * Names the subtree that each hash of an inclusion proof stands for, leaf upwards: what a proof that
 * was verified tells of the tree besides its leaf.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= index < size < 2^64
 * Source: RFC 6962 section 2.1.1
 */
export function inclusionRanges(index: bigint, size: bigint): readonly LeafRange[] {
  asIndex(index, size);
  const siblings: LeafRange[] = [];
  let [begin, end] = [0n, size];
  while (end - begin > 1n) {
    const split = begin + splitPoint(end - begin);
    if (index < split) {
      siblings.unshift({ begin: split, end });
      end = split;
    } else {
      siblings.unshift({ begin, end: split });
      begin = split;
    }
  }
  return siblings;
}

/** The subtree that each hash of the consistency proof stands for, in the order of the proof. */
function consistencyRanges(size1: bigint, size2: bigint): readonly LeafRange[] {
  checkSizes(size1, size2);
  const ranges: LeafRange[] = [];
  let [begin, end] = [0n, size2];
  while (end !== size1) {
    const split = begin + splitPoint(end - begin);
    if (size1 <= split) {
      ranges.unshift({ begin: split, end });
      end = split;
    } else {
      ranges.unshift({ begin, end: split });
      begin = split;
    }
  }
  // A walk that never left the left edge ends at the old root itself, which the verifier has.
  if (begin > 0n) ranges.unshift({ begin, end });
  return ranges;
}

/**
 * Names the stored nodes that {@link buildInclusionProof} reads: fewer than 2 log2(size) + 1.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= index < size < 2^64
 */
export function inclusionNodes(index: bigint, size: bigint): readonly NodeId[] {
  return inclusionRanges(index, size).flatMap(rangeNodes);
}

/**
 * Proves that leaf `index` is in the tree of `size` leaves. Returns sibling hashes, leaf upwards,
 * at most 64 of them, 32 bytes each. `read` hands out complete subtrees only; the incomplete one
 * at the right edge is computed.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= index < size < 2^64
 * @throws TlogError MISSING_NODE when `read` has not a node of {@link inclusionNodes}
 * @throws TlogError MALFORMED_HASH when a stored hash has not 32 bytes
 * Source: RFC 6962 section 2.1.1
 */
export function buildInclusionProof(
  index: bigint,
  size: bigint,
  read: ReadNode,
): readonly Uint8Array[] {
  return inclusionRanges(index, size).map((range) => rangeHash(range, read));
}

/**
 * Names the stored nodes that {@link buildConsistencyProof} reads: fewer than 2 log2(size2) + 2.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 < size1 <= size2 < 2^64
 */
export function consistencyNodes(size1: bigint, size2: bigint): readonly NodeId[] {
  return consistencyRanges(size1, size2).flatMap(rangeNodes);
}

/**
 * Proves that the tree of `size2` leaves only appended to the one of `size1`. Returns at most 65
 * hashes of 32 bytes; none for equal sizes.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 < size1 <= size2 < 2^64
 * @throws TlogError MISSING_NODE when `read` has not a node of {@link consistencyNodes}
 * @throws TlogError MALFORMED_HASH when a stored hash has not 32 bytes
 * Source: RFC 6962 section 2.1.2
 */
export function buildConsistencyProof(
  size1: bigint,
  size2: bigint,
  read: ReadNode,
): readonly Uint8Array[] {
  return consistencyRanges(size1, size2).map((range) => rangeHash(range, read));
}
