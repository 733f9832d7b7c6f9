import {
  AttestationError,
  checkRelease,
  invitedKey,
  openEnvelopeAsync,
  openLegacyLink,
  parseStatement,
  readCommit,
  readResult,
  unverifiedPayload,
  type Commit,
  type Envelope,
  type LegacyLink,
  type Result,
  type RoundOpen,
} from '#libs/attestation';
import type { ResultSubmitted } from '#libs/contracts';
import { verifyReveal, type IncomingReveal } from './incoming-reveal.js';
import { respell } from './respell.js';

/** A builder's envelope after every check that needs no database lock. */
export type Incoming = {
  readonly key: Uint8Array;
  /** The envelope in the one spelling in which it is named, logged and served. */
  readonly envelope: Envelope;
} & (
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
export interface CheckedEnvelope {
  readonly incoming: Incoming;
  readonly open: RoundOpen;
  readonly round: string;
  readonly builder: string;
  /** Names the envelope in the one spelling. */
  readonly sha256: string;
}

/** What may come with a result. */
export type Shown = Pick<ResultSubmitted, 'reveal' | 'link'>;

/** Which round and builder an envelope says it is of. Unverified: good for a look-up only. */
export function addressOf(
  kind: Incoming['kind'],
  envelope: Envelope,
): { round: string; builder: string } {
  const statement = parseStatement(unverifiedPayload(envelope));
  const { round, builder } = kind === 'commit' ? readCommit(statement) : readResult(statement);
  if (round === null) {
    throw new AttestationError('WRONG_ROUND', 'a result made outside of a round cannot join one');
  }
  return { round, builder };
}

/**
 * Verifies an envelope against the round that it names: the signature by the key that the round
 * lists for that builder, the release, and the reveal and link that came with a result. Returns
 * what the verified bytes say.
 *
 * @throws AttestationError WRONG_BUILDER when it was not invited, BAD_SIGNATURE, WRONG_RELEASE,
 *   MALFORMED_STATEMENT, WRONG_SUBJECT of a link, and what {@link verifyReveal} throws
 */
export async function verifyIncoming(
  kind: Incoming['kind'],
  envelope: Envelope,
  open: RoundOpen,
  shown: Shown = {},
): Promise<Incoming> {
  const { round, builder } = addressOf(kind, envelope);
  const key = invitedKey(open, builder);
  if (key === null) {
    throw new AttestationError('WRONG_BUILDER', `builder ${builder} was not invited to the round`);
  }
  // From here on only the bytes that were signed are read.
  const payload = await openEnvelopeAsync(envelope, key);
  const statement = parseStatement(payload);
  const head = { key, envelope: respell(envelope, payload, key) };
  if (kind === 'commit') return { kind, commit: readCommit(statement), ...head };
  const result = readResult(statement);
  checkRelease(result.release, open.release);
  const reveal =
    shown.reveal === undefined ? null : await verifyReveal(shown.reveal, { key, round, builder });
  const link = shown.link === undefined ? null : openLegacyLink(shown.link, key, result);
  return { kind, result, reveal, link, ...head };
}
