import {
  preAuthEncoding,
  signStatement,
  unverifiedPayload,
  verdictRefusalStatement,
  type Envelope,
  type Signer,
  type VerdictRefusal,
} from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';
import { cut } from '../build/cut.js';

const MESSAGE_LIMIT = 500;

/** Signs a verdict's very payload, byte for byte: many such make one envelope of a group. */
export function countersign(verdict: Envelope, signer: Signer): Envelope {
  const payload = unverifiedPayload(verdict);
  const sig = signer.sign(preAuthEncoding(verdict.payloadType, payload));
  return {
    payload: toBase64(payload),
    payloadType: verdict.payloadType,
    signatures: [{ keyid: signer.keyId, sig: toBase64(sig) }],
  };
}

/** Signs that the builder does not stand behind a verdict, and why. */
export function refuseVerdict(
  verdict: Envelope,
  { round, reason, message }: Pick<VerdictRefusal, 'round' | 'reason' | 'message'>,
  signer: Signer,
): Envelope {
  const verdictSha256 = sha256(unverifiedPayload(verdict));
  const refusal = { round, builder: signer.id, verdictSha256, reason };
  const statement = verdictRefusalStatement({ ...refusal, message: cut(message, MESSAGE_LIMIT) });
  return signStatement(statement, signer);
}
