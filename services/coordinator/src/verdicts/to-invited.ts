import type { RoundOpen } from '#libs/attestation';
import type { Outgoing } from '../dispatch/outgoing.js';
import { invitedBuilders } from '../rounds/round-store.js';

/** Addresses one message to every builder that a round invited. */
export function toInvited(
  open: RoundOpen,
  message: Omit<Outgoing, 'builder'>,
): readonly Outgoing[] {
  return invitedBuilders(open).map((builder) => ({ ...message, builder }));
}
