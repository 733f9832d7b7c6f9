import {
  AttestationError,
  invitedKey,
  openEnvelope,
  parseStatement,
  readBuildCancel,
  readRoundAmend,
  readRoundClose,
  readRoundOpen,
  readVerdict,
  rosterOf,
  roundIdOf,
  type BuildCancel,
  type Envelope,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import { toHex } from '#libs/encoding';
import { ed25519Verifier, parseVkey, type NoteVerifier } from '#libs/tlog';
import type { Stopped } from './job.js';

/** The one coordinator that this agent works for, known by its pinned key. */
export interface Coordinator {
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly verifier: NoteVerifier;
}

/** Reads a pinned verifier key. */
export function coordinatorOf(vkey: string): Coordinator {
  const { name, publicKey } = parseVkey(vkey.trim());
  return { origin: name, publicKey, verifier: ed25519Verifier(name, publicKey) };
}

/**
 * Verifies a dispatch: a stranger who can publish on the builder's subject still cannot have it run
 * a script. A builder that was added later is invited by an amendment alone. Gives the round with
 * everybody who was invited by then.
 *
 * @throws AttestationError BAD_SIGNATURE, MALFORMED_STATEMENT, WRONG_ROUND for an amendment of another
 *   round, WRONG_BUILDER when it is not invited,
 *   or by another key
 */
export function readDispatch(
  envelope: Envelope,
  coordinator: Coordinator,
  builder: Pick<Signer, 'id' | 'publicKey'>,
  amends: readonly Envelope[] = [],
): { round: string; open: RoundOpen } {
  const payload = openEnvelope(envelope, coordinator.publicKey);
  const round = roundIdOf(payload);
  const opened = readRoundOpen(parseStatement(payload));
  const added = amends.map((amend) => {
    const said = readRoundAmend(parseStatement(openEnvelope(amend, coordinator.publicKey)));
    if (said.round === round) return said;
    throw new AttestationError('WRONG_ROUND', `the amendment is of round ${said.round}`);
  });
  const open = { ...opened, roster: rosterOf(opened, added) };
  const key = invitedKey(open, builder.id);
  if (key === null) {
    throw new AttestationError('WRONG_BUILDER', `the round does not invite builder ${builder.id}`);
  }
  // Hours of work would go into a result that nobody takes.
  if (toHex(key) !== toHex(builder.publicKey)) {
    throw new AttestationError(
      'WRONG_BUILDER',
      `the round invites builder ${builder.id} by another key than this agent's: was it rotated?`,
    );
  }
  return { round, open };
}

/**
 * Tells whether this coordinator opened a round. It did not where its log has followed another one:
 * an agent keeps its jobs when its coordinator begins again, under another key.
 */
export function isOpenedBy(dispatch: Envelope, { publicKey }: Coordinator): boolean {
  try {
    openEnvelope(dispatch, publicKey);
    return true;
  } catch (error) {
    if (error instanceof AttestationError) return false;
    throw error;
  }
}

/**
 * Verifies that a round was closed. A forged close would make a builder show its result while
 * others can still commit.
 *
 * @throws AttestationError BAD_SIGNATURE, WRONG_ROUND
 */
export function checkClose(envelope: Envelope, coordinator: Coordinator, round: string): void {
  const close = readRoundClose(parseStatement(openEnvelope(envelope, coordinator.publicKey)));
  if (close.round !== round) {
    throw new AttestationError('WRONG_ROUND', `the close is of round ${close.round}`);
  }
}

/**
 * Verifies that this is the coordinator's verdict on a round, be it true or false.
 *
 * @throws AttestationError BAD_SIGNATURE, WRONG_KIND, WRONG_ROUND
 */
export function checkVerdict(envelope: Envelope, coordinator: Coordinator, round: string): void {
  const verdict = readVerdict(parseStatement(openEnvelope(envelope, coordinator.publicKey)));
  if (verdict.round === round) return;
  throw new AttestationError('WRONG_ROUND', `the verdict is of round ${verdict.round}`);
}

/**
 * Verifies an order to stop a build: the coordinator's word to this builder, or that the round is over.
 *
 * @throws AttestationError BAD_SIGNATURE, WRONG_KIND, WRONG_ROUND, WRONG_BUILDER for an order to another
 */
export function readCancel(
  order: Envelope,
  { publicKey }: Coordinator,
  builder: string,
): { round: string; reason: Stopped['reason'] } {
  const statement = parseStatement(openEnvelope(order, publicKey));
  let cancel: BuildCancel;
  try {
    cancel = readBuildCancel(statement);
  } catch (error) {
    if (!(error instanceof AttestationError) || error.code !== 'WRONG_KIND') throw error;
    return { round: readRoundClose(statement).round, reason: 'round-closed' };
  }
  if (cancel.builder === builder) return cancel;
  throw new AttestationError('WRONG_BUILDER', `the order is to builder ${cancel.builder}`);
}
