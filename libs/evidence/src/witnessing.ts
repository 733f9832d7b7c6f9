import {
  ed25519Verifier,
  judgeCosignatures,
  openCheckpoint,
  parsePolicy,
  requiredWitnesses,
  TlogError,
  type WitnessPolicy,
} from '#libs/tlog';

/** A checkpoint, and what it is held against. */
export interface WitnessedClaim {
  /** The signed note, with all cosignatures that there are. */
  readonly note: string;
  /** A tlog-policy, as a round names it, or one that was read. */
  readonly policy: string | WitnessPolicy;
  /** The log's origin. */
  readonly origin: string;
  /** Leaves that the checkpoint has to cover: one more than the index of the last that matters. */
  readonly minSize: number;
}

/**
 * Tells whether a checkpoint is of this log, signed by a key that the policy lists for it, covers
 * `minSize` leaves, and is cosigned by as many witnesses as the policy asks for, and by no fewer than
 * keep two forks from both having enough: a coordinator that means to fork would ask for fewer. What
 * cannot be read, policy or note, is not sufficient: nothing here throws for what somebody else wrote.
 */
export function isSufficientlyWitnessed({
  note,
  policy: told,
  origin,
  minSize,
}: WitnessedClaim): boolean {
  try {
    const policy = typeof told === 'string' ? parsePolicy(told) : told;
    // A policy that names no key of this log would let whoever holds the note say who signed it.
    const keys = policy.logs.map(({ key }) => key).filter(({ name }) => name === origin);
    const verifiers = keys.map(({ name, publicKey }) => ed25519Verifier(name, publicKey));
    const opened = openCheckpoint(note, verifiers, origin);
    const { isSufficient, cosigners } = judgeCosignatures(policy, opened);
    const count = policy.witnesses.length;
    return (
      opened.checkpoint.size >= BigInt(minSize) &&
      isSufficient &&
      count > 0 &&
      cosigners.length >= requiredWitnesses(count)
    );
  } catch (error) {
    if (error instanceof TlogError) return false;
    throw error;
  }
}
