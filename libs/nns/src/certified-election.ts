import type { Elects } from './decision.js';
import { NnsError } from './error.js';
import { evidenceFromJson } from './evidence-json.js';
import type { Trust } from './network.js';
import { decodePayload } from './payload.js';
import { verifyEvidence } from './verification.js';

/** What a certified proposal says. */
export interface CertifiedElection {
  /** Decimal. */
  readonly proposal: string;
  readonly nnsFunction: number | null;
  readonly payload: Uint8Array | null;
  /** Null where it elects no version. */
  readonly elects: Elects | null;
}

/**
 * Verifies archived evidence as {@link verifyEvidence} does, and reads what the payload that is
 * certified elects. Needs no network and no clock.
 *
 * @param json as evidenceToJson wrote it
 * @throws NnsError as evidenceFromJson and {@link verifyEvidence}
 */
export async function certifiedElection(json: unknown, trust: Trust): Promise<CertifiedElection> {
  const { proposal } = await verifyEvidence(evidenceFromJson(json), trust);
  const { id, nnsFunction, payload } = proposal;
  return {
    ...{ proposal: id.toString(), nnsFunction, payload },
    elects: nnsFunction === null || payload === null ? null : electionOf(nnsFunction, payload),
  };
}

function electionOf(nnsFunction: number, payload: Uint8Array): Elects | null {
  try {
    const decision = decodePayload(nnsFunction, payload);
    return decision.kind === 'elects' ? decision : null;
  } catch (error) {
    // A proposal of another kind is certified all the same: it elects nothing.
    if (error instanceof NnsError) return null;
    throw error;
  }
}
