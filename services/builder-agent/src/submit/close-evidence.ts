import type { CloseEvidence } from '#libs/contracts';
import { EncodingError, fromBase64 } from '#libs/encoding';
import {
  hashLeaf,
  openCheckpoint,
  TlogError,
  verifyConsistency,
  verifyInclusion,
  type Checkpoint,
} from '#libs/tlog';
import type { Coordinator } from '../jobs/coordinator-identity.js';

/** What the coordinator answered, and what it is held against. */
export interface EvidenceClaim {
  readonly evidence: CloseEvidence;
  readonly coordinator: Coordinator;
  /** The largest tree that this agent verified; null when it never saw one. */
  readonly seen: Checkpoint | null;
  /** Log entries, made of this agent's own commit and of the close that it holds. */
  readonly commitEntry: Uint8Array;
  readonly closeEntry: Uint8Array;
}

/** What an answer is worth. */
export type EvidenceJudgement =
  | {
      readonly kind: 'verified';
      readonly checkpoint: Checkpoint;
      /** Whether the commit stands after the close: it counts for nothing, and hides nothing. */
      readonly isLate: boolean;
    }
  /** Not the log's word, or no answer at all: it says nothing, and whoever sent it may be anybody. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** The log signed it, and it does not hold together. */
  | { readonly kind: 'contradicted'; readonly reason: string };

/**
 * Judges what a builder has to see before it shows its result: that the log signed the checkpoint and
 * grew to it from what was seen before, that it holds the commit and the close, and in which order.
 */
export function judgeEvidence(claim: EvidenceClaim): EvidenceJudgement {
  const { evidence, coordinator, seen } = claim;
  let checkpoint: Checkpoint;
  let proofs: readonly (readonly Uint8Array[])[];
  try {
    const { verifier, origin } = coordinator;
    checkpoint = openCheckpoint(evidence.checkpoint, [verifier], origin).checkpoint;
    proofs = [evidence.consistency, evidence.commitPath, evidence.closePath].map((hashes) =>
      hashes.map((hash) => fromBase64(hash)),
    );
  } catch (error) {
    return { kind: 'unusable', reason: reasonOf(error) };
  }
  if (seen !== null && checkpoint.size < seen.size) {
    // An old checkpoint sent once more: whoever did it need not be the log.
    const sizes = `size ${String(checkpoint.size)}, seen ${String(seen.size)}`;
    return { kind: 'unusable', reason: `the checkpoint is older than one seen before: ${sizes}` };
  }
  try {
    verifyAll(claim, checkpoint, proofs);
  } catch (error) {
    return { kind: 'contradicted', reason: reasonOf(error) };
  }
  return { kind: 'verified', checkpoint, isLate: evidence.commitIndex > evidence.closeIndex };
}

function verifyAll(
  { evidence, seen, commitEntry, closeEntry }: EvidenceClaim,
  { size, root }: Checkpoint,
  [growth = [], commitPath = [], closePath = []]: readonly (readonly Uint8Array[])[],
): void {
  if (seen !== null && seen.size > 0n) {
    const { size: size1, root: root1 } = seen;
    verifyConsistency({ size1, root1, size2: size, root2: root, proof: growth });
  }
  const [commitIndex, closeIndex] = [BigInt(evidence.commitIndex), BigInt(evidence.closeIndex)];
  const commit = { leafHash: hashLeaf(commitEntry), index: commitIndex, proof: commitPath };
  const close = { leafHash: hashLeaf(closeEntry), index: closeIndex, proof: closePath };
  for (const each of [commit, close]) verifyInclusion({ ...each, size, root });
}

function reasonOf(error: unknown): string {
  if (error instanceof TlogError || error instanceof EncodingError) return error.message;
  throw error;
}
