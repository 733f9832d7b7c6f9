import { TlogError } from './error.js';
import { asHash, equalBytes, hashChildren } from './merkle.js';
import { asIndex } from './position.js';

/** Claim and proof that one leaf stands at one place of one tree. Hashes have 32 bytes. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: bigint;
  readonly size: bigint;
  /** Sibling hashes, leaf upwards. */
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * Verifies that `leafHash` is leaf `index` of the tree of `size` leaves with this root; returns
 * when it is.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= index < size < 2^64
 * @throws TlogError MALFORMED_HASH when a hash has not 32 bytes
 * @throws TlogError BAD_PROOF when the proof is too short, too long, or leads to another root
 * Source: RFC 9162 section 2.1.3.2
 */
export function verifyInclusion(claim: InclusionClaim): void {
  const { leafHash, index, size, proof, root } = claim;
  let fn = asIndex(index, size);
  let sn = size - 1n;
  let r = asHash(leafHash);
  for (const p of proof) {
    if (sn === 0n) throw refusal(claim, 'the proof has more hashes than the path');
    if (fn % 2n === 1n || fn === sn) {
      r = hashChildren(p, r);
      while (fn % 2n === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      r = hashChildren(r, p);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n) throw refusal(claim, 'the proof has fewer hashes than the path');
  if (!equalBytes(r, asHash(root))) throw refusal(claim, 'the proof leads to another root');
}

function refusal({ index, size }: InclusionClaim, why: string): TlogError {
  return new TlogError(
    'BAD_PROOF',
    `leaf ${String(index)} is not shown to be in the tree of size ${String(size)}: ${why}`,
  );
}
