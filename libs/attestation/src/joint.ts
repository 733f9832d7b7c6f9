import { z } from 'zod';
import { compareText, fromBase64Any, toBase64 } from '#libs/encoding';
import { Envelope, openEnvelope, preAuthEncoding, unverifiedPayload } from './dsse.js';
import { AttestationError } from './error.js';
import { keyIdOf } from './key.js';
import { verifySignature } from './signature.js';
import { IN_TOTO_PAYLOAD } from './type-uri.js';

/**
 * A DSSE envelope that a group signed: one payload, at most one signature of each member, sorted by
 * key id. Any DSSE verifier checks t of n with it.
 */
export const JointEnvelope = Envelope.extend({
  signatures: z
    .array(z.object({ keyid: z.string().max(256).optional(), sig: z.string().max(256) }))
    .min(1)
    .max(1024),
});
export type JointEnvelope = z.infer<typeof JointEnvelope>;

/** A member's own envelope around the group's payload. */
export interface Countersignature {
  readonly envelope: Envelope;
  /** The member's raw public key. */
  readonly publicKey: Uint8Array;
}

/**
 * Joins members' signatures over one verdict into one envelope; each is verified first, and a key
 * that signed twice stands in it once. The coordinator's own signature is not in it: a group speaks
 * for itself.
 *
 * @throws AttestationError WRONG_SUBJECT for a signature over another payload, BAD_SIGNATURE,
 *   MALFORMED_ENVELOPE, also where nobody has signed
 * Source: DSSE v1.0.2, protocol.md, "(t, n)-ENVELOPE"
 */
export function jointStatement(
  verdict: Envelope,
  countersignatures: readonly Countersignature[],
): JointEnvelope {
  const payload = toBase64(unverifiedPayload(verdict));
  const signatures = new Map<string, string>();
  for (const { envelope, publicKey } of countersignatures) {
    if (toBase64(openEnvelope(envelope, publicKey)) !== payload) {
      throw new AttestationError('WRONG_SUBJECT', 'a countersignature is of another verdict');
    }
    const sig = toBase64(fromBase64Any(envelope.signatures[0]?.sig ?? ''));
    const keyId = keyIdOf(publicKey);
    if (!signatures.has(keyId)) signatures.set(keyId, sig);
  }
  if (signatures.size === 0) {
    throw new AttestationError('MALFORMED_ENVELOPE', 'nobody has countersigned the verdict');
  }
  return {
    payload,
    payloadType: verdict.payloadType,
    signatures: [...signatures]
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([keyid, sig]) => ({ keyid, sig })),
  };
}

/** What a group is known to have signed. */
export interface JointVerification {
  /** The very bytes that were signed. */
  readonly payload: Uint8Array;
  /** Which of the given keys signed them, in the given order. */
  readonly signers: readonly Uint8Array[];
}

/**
 * Verifies that at least `threshold` of the given keys signed an envelope. Keys are counted, each
 * once, however many signatures it has; signatures of others are passed over.
 *
 * @throws AttestationError MALFORMED_ENVELOPE, BAD_KEY, BAD_SIGNATURE for too few signers
 * Source: DSSE v1.0.2, protocol.md, "(t, n)-ENVELOPE"
 */
export function verifyJoint(
  envelope: JointEnvelope,
  keys: readonly Uint8Array[],
  threshold: number,
): JointVerification {
  if (envelope.payloadType !== IN_TOTO_PAYLOAD) {
    throw new AttestationError('MALFORMED_ENVELOPE', `expected ${IN_TOTO_PAYLOAD} as payload type`);
  }
  const decoded = decode(envelope);
  const message = preAuthEncoding(envelope.payloadType, decoded.payload);
  const unique = new Map(keys.map((key) => [keyIdOf(key), key]));
  const signers = [...unique].filter(([keyId, key]) =>
    // A key id is a hint: it spares trying a signature with keys that others are named by.
    decoded.signatures.some(
      ({ keyid, sig }) =>
        (keyid === keyId || !unique.has(keyid ?? '')) && verifySignature(key, message, sig),
    ),
  );
  // So written, a threshold that is no number refuses too.
  if (!(threshold >= 1 && signers.length >= threshold)) {
    throw new AttestationError(
      'BAD_SIGNATURE',
      `${signers.length} of the given ${unique.size} keys signed it: expected at least ${threshold}`,
    );
  }
  return { payload: decoded.payload, signers: signers.map(([, key]) => key) };
}

function decode({ payload, signatures }: JointEnvelope): {
  payload: Uint8Array;
  signatures: { keyid: string | undefined; sig: Uint8Array }[];
} {
  try {
    return {
      payload: fromBase64Any(payload),
      signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: fromBase64Any(sig) })),
    };
  } catch (cause) {
    throw new AttestationError('MALFORMED_ENVELOPE', 'payload or signature is not base64', {
      cause,
    });
  }
}
