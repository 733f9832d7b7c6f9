import {
  checkRelease,
  invitedKey,
  parseStatement,
  readRoundOpen,
  refOf,
  roundIdOf,
  unverifiedPayload,
  type Envelope,
  type Release,
} from '#libs/attestation';
import { toHex } from '#libs/encoding';
import type { Signer } from '#libs/attestation';
import { CommandError, EXIT } from '../exit.js';

/**
 * Gives the id of the round that a result joins, after checking that the round asks for this
 * release and invites this key. The coordinator's signature is its own readers' business: a forged
 * round file only makes an attestation that no coordinator takes.
 *
 * @throws CommandError usage; AttestationError
 */
export function joinRound(file: Envelope, release: Release, signer: Signer): string {
  const payload = unverifiedPayload(file);
  const open = readRoundOpen(parseStatement(payload));
  checkRelease(refOf(open.release), release);
  const invited = invitedKey(open, signer.id);
  if (invited === null || toHex(invited) !== toHex(signer.publicKey)) {
    throw new CommandError(EXIT.usage, `the round does not invite builder ${signer.id}`);
  }
  return roundIdOf(payload);
}
