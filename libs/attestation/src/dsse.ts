import { dsse } from '@sigstore/core';
import { z } from 'zod';
import {
  canonicalJson,
  decodeBase64Into,
  fromBase64Any,
  quote,
  sha256,
  sizeOfBase64,
  toBase64,
  type Sha256,
} from '#libs/encoding';
import { AttestationError } from './error.js';
import { verifySignature, verifySignatureAsync } from './signature.js';
import type { Signer } from './signer.js';
import { IN_TOTO_PAYLOAD } from './type-uri.js';

/** Largest envelope that is read, in characters of its JSON text. */
export const ENVELOPE_LIMIT = 1_048_576;

/** Half a surrogate pair has no UTF-8, so an envelope that holds one could not even be named. */
const Hint = z
  .string()
  .max(256)
  .regex(/^\P{Cs}*$/u, 'must be well-formed text');

/**
 * A DSSE envelope with one signature. Unknown fields are dropped on reading, as DSSE demands; the
 * key id is an unauthenticated hint.
 *
 * Source: DSSE v1.0.2, envelope.md
 */
export const Envelope = z.object({
  payload: z
    .string()
    .max(ENVELOPE_LIMIT)
    .regex(/^[A-Za-z0-9+/_=-]*$/, 'expected base64'),
  payloadType: Hint,
  signatures: z.array(z.object({ keyid: Hint.optional(), sig: Hint })).length(1),
});
export type Envelope = z.infer<typeof Envelope>;

const ascii = new TextEncoder();

/** Gives the bytes that are signed (DSSE v1.0.2, protocol.md). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  if (payloadType === IN_TOTO_PAYLOAD) return inTotoEncoding(payload);
  return new Uint8Array(dsse.preAuthEncoding(payloadType, Buffer.from(payload)));
}

const IN_TOTO_HEAD = `DSSEv1 ${IN_TOTO_PAYLOAD.length} ${IN_TOTO_PAYLOAD} `;

/** The same for the one type that we write, of ASCII: every signature passes here. */
function inTotoEncoding(payload: Uint8Array): Uint8Array {
  const head = `${IN_TOTO_HEAD}${payload.length} `;
  const encoded = new Uint8Array(head.length + payload.length);
  ascii.encodeInto(head, encoded);
  encoded.set(payload, head.length);
  return encoded;
}

/** Serialises a statement canonically and signs it. Equal statements give equal envelopes. */
export function signStatement(statement: object, signer: Signer): Envelope {
  const payload = Buffer.from(canonicalJson(statement), 'utf8');
  const sig = signer.sign(preAuthEncoding(IN_TOTO_PAYLOAD, payload));
  return {
    payload: toBase64(payload),
    payloadType: IN_TOTO_PAYLOAD,
    signatures: [{ keyid: signer.keyId, sig: toBase64(sig) }],
  };
}

/**
 * Reads an envelope from a JSON text.
 *
 * @throws AttestationError MALFORMED_ENVELOPE
 */
export function parseEnvelope(text: string): Envelope {
  if (text.length > ENVELOPE_LIMIT) {
    throw new AttestationError(
      'MALFORMED_ENVELOPE',
      `envelope has ${text.length} characters: at most ${ENVELOPE_LIMIT} are read`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AttestationError('MALFORMED_ENVELOPE', 'envelope is not JSON', { cause });
  }
  const parsed = Envelope.safeParse(json);
  if (!parsed.success) {
    throw new AttestationError(
      'MALFORMED_ENVELOPE',
      `not a DSSE envelope with one signature: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

/**
 * Gives the payload bytes without checking the signature: for finding out whose key to verify with.
 * Nothing may be decided by them.
 */
export function unverifiedPayload(envelope: Envelope): Uint8Array {
  try {
    return fromBase64Any(envelope.payload);
  } catch (cause) {
    throw new AttestationError('MALFORMED_ENVELOPE', 'payload is not base64', { cause });
  }
}

/**
 * Verifies the signature and gives the very bytes that were signed.
 *
 * @throws AttestationError MALFORMED_ENVELOPE, BAD_SIGNATURE, BAD_KEY
 */
export function openEnvelope(envelope: Envelope, publicKey: Uint8Array): Uint8Array {
  const { payload, message, signature } = signedPartsOf(envelope);
  return vouchedFor(payload, verifySignature(publicKey, message, signature));
}

/**
 * The same beside the caller's thread: whoever has many to open begins with all of them at once.
 *
 * @throws AttestationError MALFORMED_ENVELOPE, BAD_SIGNATURE, BAD_KEY
 */
export async function openEnvelopeAsync(
  envelope: Envelope,
  publicKey: Uint8Array,
): Promise<Uint8Array> {
  const { payload, message, signature } = signedPartsOf(envelope);
  return vouchedFor(payload, await verifySignatureAsync(publicKey, message, signature));
}

/** What of an envelope a signature is verified over, and the payload in it. Nothing is verified. */
export interface SignedParts {
  readonly payload: Uint8Array;
  /** The pre-authentication encoding. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Decodes an envelope for whoever verifies its signature himself.
 *
 * @throws AttestationError MALFORMED_ENVELOPE
 */
export function signedPartsOf(envelope: Envelope): SignedParts {
  const quick = quickParts(envelope);
  if (quick !== null) return { ...quick, signature: signatureOf(envelope) };
  const payload = unverifiedPayload(envelope);
  if (envelope.payloadType !== IN_TOTO_PAYLOAD) {
    throw new AttestationError(
      'MALFORMED_ENVELOPE',
      `payload type is ${quote(envelope.payloadType)}: expected ${IN_TOTO_PAYLOAD}`,
    );
  }
  const message = preAuthEncoding(envelope.payloadType, payload);
  return { payload, message, signature: signatureOf(envelope) };
}

/** Decodes standard base64 into its place in the message; null for any other text or type. */
function quickParts({
  payload: text,
  payloadType,
}: Envelope): Pick<SignedParts, 'payload' | 'message'> | null {
  if (payloadType !== IN_TOTO_PAYLOAD || text.length % 4 !== 0) return null;
  const payloadBytes = sizeOfBase64(text);
  const head = `${IN_TOTO_HEAD}${payloadBytes} `;
  // Of memory that it shares with others: what is given has its own bounds, and nobody passes its `buffer` on.
  const bytes = Buffer.allocUnsafe(head.length + payloadBytes);
  bytes.write(head, 'latin1');
  if (!decodeBase64Into(text, bytes, head.length)) return null;
  const { buffer, byteOffset, length } = bytes;
  return {
    message: new Uint8Array(buffer, byteOffset, length),
    payload: new Uint8Array(buffer, byteOffset + head.length, payloadBytes),
  };
}

function vouchedFor(payload: Uint8Array, isValid: boolean): Uint8Array {
  if (isValid) return payload;
  throw new AttestationError('BAD_SIGNATURE', 'the signature is not by the expected key');
}

/** Decodes the one signature of an envelope. */
export function signatureOf(envelope: Envelope): Uint8Array {
  const [signature] = envelope.signatures;
  try {
    return fromBase64Any(signature?.sig ?? '');
  } catch (cause) {
    throw new AttestationError('MALFORMED_ENVELOPE', 'signature is not base64', { cause });
  }
}

/** Gives the digest of what is signed: the commitment to an envelope before it is shown. */
export function commitmentOf(envelope: Envelope): Sha256 {
  return sha256(preAuthEncoding(envelope.payloadType, unverifiedPayload(envelope)));
}

/** Names an envelope by its canonical bytes: its message id, and its place in the content store. */
export function envelopeDigest(envelope: Envelope): Sha256 {
  return sha256(canonicalJson(envelope));
}
