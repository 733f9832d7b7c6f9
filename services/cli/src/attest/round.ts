import {
  AttestationError,
  checkRelease,
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
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';

/** A round that a result joins, and which builder the key is there: after a rotation one of another id. */
export interface JoinedRound {
  readonly round: string;
  readonly builder: string;
}

/**
 * Gives the round that a result joins, after checking that the round asks for this release and
 * invites this key. The coordinator's signature is its own readers' business: a forged
 * round file only makes an attestation that no coordinator takes.
 *
 * @throws CommandError usage
 */
export function joinRound(
  path: string,
  file: Envelope,
  release: Release,
  signer: Signer,
): JoinedRound {
  const { open, round } = readRound(path, file);
  if (!isSameRelease(open, release)) {
    throw new CommandError(
      EXIT.usage,
      `${path} is a round on release ${open.release.name}, not on ${release.name}`,
      'take the release file that belongs to the round, or leave --round out',
    );
  }
  const builder = open.roster
    .flatMap(({ builders }) => builders)
    .find(({ publicKey }) => publicKey === toBase64(signer.publicKey))?.builder;
  if (builder === undefined) {
    throw new CommandError(
      EXIT.usage,
      `the round does not invite builder ${signer.id}, nor another by this key`,
      'take the key that was invited, or leave --round out',
    );
  }
  return { round, builder };
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
