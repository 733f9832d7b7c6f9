import {
  AttestationError,
  checkRelease,
  invitedKey,
  parseStatement,
  readRoundOpen,
  refOf,
  roundIdOf,
  unverifiedPayload,
  type Envelope,
  type Release,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import { toHex } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';

/**
 * Gives the id of the round that a result joins, after checking that the round asks for this
 * release and invites this key. The coordinator's signature is its own readers' business: a forged
 * round file only makes an attestation that no coordinator takes.
 *
 * @throws CommandError usage
 */
export function joinRound(path: string, file: Envelope, release: Release, signer: Signer): string {
  const { open, round } = readRound(path, file);
  if (!isSameRelease(open, release)) {
    throw new CommandError(
      EXIT.usage,
      `${path} is a round on release ${open.release.name}, not on ${release.name}`,
      'take the release file that belongs to the round, or leave --round out',
    );
  }
  const invited = invitedKey(open, signer.id);
  if (invited === null || toHex(invited) !== toHex(signer.publicKey)) {
    throw new CommandError(
      EXIT.usage,
      `the round does not invite builder ${signer.id}`,
      'take the key that was invited, or leave --round out',
    );
  }
  return round;
}

function readRound(path: string, file: Envelope): { open: RoundOpen; round: string } {
  try {
    const payload = unverifiedPayload(file);
    return { open: readRoundOpen(parseStatement(payload)), round: roundIdOf(payload) };
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new CommandError(
      EXIT.usage,
      `${path} is not a round file: ${cause.message}`,
      '`repro-quorum round show ROUND --open` prints one',
      { cause },
    );
  }
}

function isSameRelease(open: RoundOpen, release: Release): boolean {
  try {
    checkRelease(refOf(open.release), release);
    return true;
  } catch (error) {
    if (error instanceof AttestationError) return false;
    throw error;
  }
}
