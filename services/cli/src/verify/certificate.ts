import type { VerifyCertificate } from '#libs/evidence';
import { decodePayload, evidenceFromJson, NnsError, verifyEvidence } from '#libs/nns';

/**
 * Makes a verifier of archived evidence under a root key: the certificate, and what the payload that
 * it certifies elects. Needs no network and no clock.
 *
 * @param rootKey DER; the Internet Computer's where left out
 */
export function certificateVerifier(rootKey: Uint8Array | undefined): VerifyCertificate {
  return async (json) => {
    const { proposal } = await verifyEvidence(evidenceFromJson(json), { rootKey });
    const { id, nnsFunction, payload } = proposal;
    return {
      ...{ proposal: id.toString(), nnsFunction, payload },
      elects: nnsFunction === null || payload === null ? null : electionOf(nnsFunction, payload),
    };
  };
}

type Election = Awaited<ReturnType<VerifyCertificate>>['elects'];

function electionOf(nnsFunction: number, payload: Uint8Array): Election {
  try {
    const decision = decodePayload(nnsFunction, payload);
    return decision.kind === 'elects' ? decision : null;
  } catch (error) {
    // A proposal of another kind is certified all the same: it elects nothing.
    if (error instanceof NnsError) return null;
    throw error;
  }
}
