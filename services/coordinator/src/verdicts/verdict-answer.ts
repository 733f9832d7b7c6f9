import {
  AttestationError,
  keyIdOf,
  openEnvelope,
  parseStatement,
  readVerdictRefusal,
  signedPartsOf,
  unverifiedPayload,
  VerdictRefusal,
  type Envelope,
  type RoundOpen,
} from '#libs/attestation';
import { fromBase64, sha256 } from '#libs/encoding';
import { spell } from '../log/spelled-envelope.js';

/** What an invited builder says of a verdict, verified. */
export interface VerdictAnswer {
  readonly kind: 'countersignature' | 'refusal';
  readonly builder: string;
  /** The builder's 32 raw bytes. */
  readonly key: Uint8Array;
  /** In the one spelling in which it is named, logged and served. */
  readonly envelope: Envelope;
}

/** The verdict that is answered. */
export interface AnsweredVerdict {
  readonly round: string;
  /** RoundOpen with everybody who was ever invited. */
  readonly open: RoundOpen;
  /** The logged verdict. */
  readonly verdict: Envelope;
}

/** Opens an envelope by a key, as `openEnvelope` does; one that remembers may have done so before. */
export type Opener = (envelope: Envelope, publicKey: Uint8Array) => Uint8Array;

/**
 * Verifies an answer: the verdict's own payload, byte for byte, under the key of an invited builder, or
 * that builder's refusal of this very verdict. Nothing else is an answer.
 *
 * @throws AttestationError WRONG_BUILDER, BAD_SIGNATURE, WRONG_ROUND, WRONG_SUBJECT, WRONG_KIND,
 *   MALFORMED_STATEMENT
 */
export function verifyAnswer(
  envelope: Envelope,
  { round, open, verdict }: AnsweredVerdict,
  openBy: Opener = openEnvelope,
): VerdictAnswer {
  const { builder, key } = signerOf(envelope, open);
  const payload = openBy(envelope, key);
  const head = { builder, key, envelope: spell(signedPartsOf(envelope), key).envelope };
  const decided = unverifiedPayload(verdict);
  if (Buffer.compare(payload, decided) === 0) return { kind: 'countersignature', ...head };
  const refusal = readVerdictRefusal(parseStatement(payload));
  requireOwn(refusal, round, builder);
  if (refusal.verdictSha256 !== sha256(decided)) {
    throw new AttestationError(
      'WRONG_SUBJECT',
      'the refusal is of another verdict than the logged',
    );
  }
  return { kind: 'refusal', ...head };
}

function requireOwn(refusal: VerdictRefusal, round: string, builder: string): void {
  if (refusal.round !== round) {
    throw new AttestationError('WRONG_ROUND', 'the refusal is of another round');
  }
  if (refusal.builder !== builder) {
    throw new AttestationError(
      'WRONG_BUILDER',
      'the refusal names another builder than its signer',
    );
  }
}

/**
 * A verdict's payload names no builder, so the key id says whose signature to try. It decides nothing:
 * under another's name a signature does not verify.
 */
function signerOf({ signatures: [signature] }: Envelope, open: RoundOpen): Invited {
  const invited = invitedByKeyId(open).get(signature?.keyid ?? '');
  if (invited !== undefined) return invited;
  throw new AttestationError('WRONG_BUILDER', 'the key id is of no builder that was invited');
}

interface Invited {
  readonly builder: string;
  readonly key: Uint8Array;
}

/** Each of a hundred answers looks its signer up: the names of all keys are worked out once a round. */
const invitedOf = new WeakMap<RoundOpen, ReadonlyMap<string, Invited>>();

function invitedByKeyId(open: RoundOpen): ReadonlyMap<string, Invited> {
  const known = invitedOf.get(open);
  if (known !== undefined) return known;
  const all = open.roster.flatMap(({ builders }) =>
    builders.map(({ builder, publicKey }): [string, Invited] => {
      const key = fromBase64(publicKey);
      return [keyIdOf(key), { builder, key }];
    }),
  );
  // Under a key that two have, the first one answers.
  const invited = new Map(all.toReversed());
  invitedOf.set(open, invited);
  return invited;
}
