import { TlogError } from './error.js';
import { asHash, equalBytes, hashChildren } from './merkle.js';
import { checkSizes } from './position.js';

/** Claim and proof that a tree grew from `size1` to `size2` leaves by appending only. */
export interface ConsistencyClaim {
  readonly size1: bigint;
  readonly root1: Uint8Array;
  readonly size2: bigint;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Verifies that the first `size1` leaves of the tree (`size2`, `root2`) are those of the tree
 * (`size1`, `root1`); returns when they are. Equal sizes need equal roots and an empty proof.
 * Whoever has seen nothing yet (size 0) has nothing to verify and does not ask.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 < size1 <= size2 < 2^64
 * @throws TlogError MALFORMED_HASH when a hash that is computed with has not 32 bytes
 * @throws TlogError BAD_PROOF when the proof is too short, too long, or leads to another root
 * Source: RFC 9162 section 2.1.4.2
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const { size1, root1, size2, root2, proof } = claim;
  checkSizes(size1, size2);
  if (size1 === size2) {
    if (proof.length > 0) throw refusal(claim, 'equal sizes have an empty proof');
    if (!equalBytes(root1, root2)) throw refusal(claim, 'one size has two roots');
    return;
  }
  if (proof.length === 0) throw refusal(claim, 'the proof is empty');

  let fn = size1 - 1n;
  let sn = size2 - 1n;
  while (fn % 2n === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  // When the old tree is a complete subtree of the new one, its root is where the proof starts.
  const [seed, ...path] = fn === 0n ? [root1, ...proof] : proof;
  let fr = asHash(seed ?? root1);
  let sr = fr;
  for (const c of path) {
    if (sn === 0n) throw refusal(claim, 'the proof has more hashes than the path');
    if (fn % 2n === 1n || fn === sn) {
      fr = hashChildren(c, fr);
      sr = hashChildren(c, sr);
      while (fn % 2n === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      sr = hashChildren(sr, c);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n) throw refusal(claim, 'the proof has fewer hashes than the path');
  if (!equalBytes(fr, root1)) throw refusal(claim, 'the proof does not lead to the old root');
  if (!equalBytes(sr, root2)) throw refusal(claim, 'the proof does not lead to the new root');
}

function refusal({ size1, size2 }: ConsistencyClaim, why: string): TlogError {
  return new TlogError(
    'BAD_PROOF',
    `the tree of size ${String(size2)} is not shown to contain the one of size ${String(size1)}: ${why}`,
  );
}
