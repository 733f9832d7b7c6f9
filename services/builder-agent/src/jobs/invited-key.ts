import { invitedKey, type RoundOpen, type Signer } from '#libs/attestation';

/** A builder's id and the key that it has now. */
type Builder = Pick<Signer, 'id' | 'publicKey'>;

/**
 * Gives the key by which a round invited this builder: whatever the log has of it in this round is
 * under that one, also after a rotation has given the agent another.
 */
export function keyInRound(open: RoundOpen, builder: Builder): Uint8Array {
  return invitedKey(open, builder.id) ?? builder.publicKey;
}

/**
 * Tells whether what this agent would sign now can count in a round. It cannot once the builder's key
 * was rotated: then only what the old key had committed to does, as it is on disk.
 */
export function canSignFor(open: RoundOpen, builder: Builder): boolean {
  return Buffer.compare(keyInRound(open, builder), builder.publicKey) === 0;
}
