import {
  AttestationError,
  checkRelease,
  openLegacyLink,
  parseStatement,
  readCommit,
  readDecline,
  readResult,
  signedPartsOf,
  verifySignatureAsync,
  type Commit,
  type Decline,
  type Envelope,
  type LegacyLink,
  type Result,
  type SignedParts,
} from '#libs/attestation';
import type { ResultSubmitted } from '#libs/contracts';
import { spell, type SpelledEnvelope } from '../log/spelled-envelope.js';
import type { Invited } from '../rounds/invited.js';
import { verifyReveal, type IncomingReveal } from './incoming-reveal.js';

type Said =
  | { readonly kind: 'decline'; readonly decline: Decline }
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'result'; readonly result: Result };

/** What an envelope says of itself. Unverified: good for a look-up only. */
export type Claimed = Said & {
  readonly parts: SignedParts;
  readonly round: string;
  readonly builder: string;
};

/** A builder's envelope after every check that needs no database lock. */
export type Incoming = SpelledEnvelope &
  (
    | { readonly kind: 'decline'; readonly decline: Decline }
    | { readonly kind: 'commit'; readonly commit: Commit }
    | {
        readonly kind: 'result';
        readonly result: Result;
        /** Null where the agent is one that sends none. */
        readonly reveal: IncomingReveal | null;
        /** The same in the old form; null where none came with it. */
        readonly link: LegacyLink | null;
      }
  );

/** A verified envelope with what was looked up for it, ready for the log. */
export interface CheckedEnvelope extends Pick<Invited, 'open'> {
  readonly incoming: Incoming;
  readonly round: string;
  readonly builder: string;
}

/** What may come with a result. */
export type Shown = Pick<ResultSubmitted, 'reveal' | 'link'>;

/**
 * Reads what an envelope says of itself.
 *
 * @throws AttestationError MALFORMED_ENVELOPE, MALFORMED_STATEMENT, WRONG_KIND, WRONG_RELEASE;
 *   WRONG_ROUND for a result that was made outside of any
 */
export function readClaimed(kind: Said['kind'], envelope: Envelope): Claimed {
  const parts = signedPartsOf(envelope);
  const statement = parseStatement(parts.payload);
  if (kind === 'commit') {
    const commit = readCommit(statement);
    return { kind, commit, parts, round: commit.round, builder: commit.builder };
  }
  if (kind === 'decline') {
    const decline = readDecline(statement);
    return { kind, decline, parts, round: decline.round, builder: decline.builder };
  }
  const result = readResult(statement);
  const { round, builder } = result;
  if (round === null) {
    throw new AttestationError('WRONG_ROUND', 'a result made outside of a round cannot join one');
  }
  return { kind, result, parts, round, builder };
}

/**
 * Verifies an envelope against the round that it names: the signature by the key that the round
 * lists for that builder, the release, and the reveal and link that came with a result.
 *
 * @throws AttestationError WRONG_BUILDER when it was not invited, BAD_SIGNATURE, WRONG_RELEASE,
 *   WRONG_SUBJECT of a link, and what {@link verifyReveal} throws
 */
export async function verifyIncoming(
  claimed: Claimed,
  { open, key }: Invited,
  shown: Shown = {},
): Promise<Incoming> {
  const { parts, round, builder } = claimed;
  if (key === null) {
    throw new AttestationError('WRONG_BUILDER', `builder ${builder} was not invited to the round`);
  }
  if (!(await verifySignatureAsync(key, parts.message, parts.signature))) {
    throw new AttestationError('BAD_SIGNATURE', 'the signature is not by the key of its builder');
  }
  // Claims were read from the very bytes whose signature holds.
  const spelled = spell(parts, key);
  if (claimed.kind === 'commit') return { kind: 'commit', commit: claimed.commit, ...spelled };
  if (claimed.kind === 'decline') return { kind: 'decline', decline: claimed.decline, ...spelled };
  const { result } = claimed;
  checkRelease(result.release, open.release);
  const reveal =
    shown.reveal === undefined ? null : await verifyReveal(shown.reveal, { key, round, builder });
  const link = shown.link === undefined ? null : openLegacyLink(shown.link, key, result);
  return { kind: 'result', result, reveal, link, ...spelled };
}
