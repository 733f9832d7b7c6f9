import { toHex } from '#libs/encoding';
import { hashOfPart, missingIn, type KnownRanges, type TreePart } from './known-ranges.js';

/** Orders that are tried for one subtree; each is a few hashes. */
const MAX_TRIES = 200_000;

/** What is to be put together. */
export interface Puzzle {
  /** Leaves that are stored. */
  readonly from: number;
  /** Leaves of the tree that has to be reached. */
  readonly size: number;
  readonly ranges: KnownRanges;
  /** Hashes of leaves whose place is proven, by index. */
  readonly proven: ReadonlyMap<number, Uint8Array>;
  /** Hashes of leaves that somebody holds without a proof of their place. */
  readonly loose: readonly Uint8Array[];
}

/**
 * Finds the places of leaves that come without a proof, by what the proofs of others tell: each holds
 * the hashes of its neighbours, and of larger subtrees. A leaf is put nowhere but where such a hash
 * says so.
 *
 * @returns the hash of every leaf whose place is known, by index
 *
 * Bounds: 200,000 orders for each subtree; where more were needed its leaves stay missing.
 */
export function placeLeaves(puzzle: Puzzle): ReadonlyMap<number, Uint8Array> {
  const { from, size, ranges } = puzzle;
  const placed = new Map([...puzzle.proven].filter(([index]) => index >= from && index < size));
  const taken = new Set([...placed.values()].map(toHex));
  const loose = new Map(puzzle.loose.map((hash) => [toHex(hash), hash]));
  for (const id of taken) loose.delete(id);
  const known = ranges.beyond(BigInt(from));
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const { range, hash } of known) {
      const part = ranges.partsOf(range, (index) => placed.get(index));
      const missing = missingIn(part);
      if (missing.length === 0 || missing.length > loose.size) continue;
      const order = solve(part, missing, [...loose.values()], hash);
      if (order === null) continue;
      for (const [index, leafHash] of order) {
        placed.set(index, leafHash);
        loose.delete(toHex(leafHash));
      }
      isMoving = true;
    }
  }
  return placed;
}

/** Finds which leaves in which order make a subtree hash to what is known of it. */
function solve(
  part: TreePart,
  missing: readonly number[],
  loose: readonly Uint8Array[],
  wanted: Uint8Array,
): ReadonlyMap<number, Uint8Array> | null {
  const tries = missing.reduce((product, _, at) => product * (loose.length - at), 1);
  if (tries > MAX_TRIES) return null;
  const order = new Map<number, Uint8Array>();
  const used = new Set<Uint8Array>();
  const fill = (at: number): boolean => {
    const index = missing[at];
    if (index === undefined) return Buffer.compare(hashOfPart(part, order), wanted) === 0;
    for (const leafHash of loose) {
      if (used.has(leafHash)) continue;
      used.add(leafHash);
      order.set(index, leafHash);
      if (fill(at + 1)) return true;
      used.delete(leafHash);
    }
    order.delete(index);
    return false;
  };
  return fill(0) ? order : null;
}
