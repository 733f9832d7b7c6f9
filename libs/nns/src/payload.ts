import { decodeBlessReplica } from './bless-replica.js';
import { CandidError } from './candid-cursor.js';
import type { ProposalDecision } from './decision.js';
import {
  decodeDeployHostos,
  decodeDeployToApiBoundaryNodes,
  decodeDeployToSubnet,
  decodeDeployToUnassignedNodes,
} from './deployment.js';
import { decodeElectGuestos } from './elect-guestos.js';
import { decodeElectHostos } from './elect-hostos.js';
import { malformedPayload, NnsError } from './error.js';
import { nnsFunctionName } from './nns-function.js';
import { MAX_PAYLOAD_BYTES } from './payload-bounds.js';

type Decoder = (payload: Uint8Array) => ProposalDecision;

/**
 * Decodes the payload of an IC-OS proposal into what it decides. The NNS function alone says how
 * to read it, never the payload's own shape: a payload that looks like another function's is
 * refused. Knows elections (5, 38 in both eras, 40, 50) and deployments (11, 47, 48, 51).
 *
 * `payload` is at most 256 KiB, exactly one candid argument with no field of an unknown era and no
 * byte to spare. Versions must be full commit ids, digests sha256, URLs http(s).
 *
 * @throws NnsError NOT_IC_OS for every other function, named where its name is known
 * @throws NnsError PAYLOAD_BLANKED when the payload is empty
 * @throws NnsError MALFORMED_PAYLOAD
 * Source: dfinity/ic, rs/registry/canister/canister/registry.did, and governance.proto, NnsFunction
 */
export function decodePayload(nnsFunction: number, payload: Uint8Array): ProposalDecision {
  const decode = decoderOf(nnsFunction);
  if (decode === null) {
    throw new NnsError(
      'NOT_IC_OS',
      `proposal executes ${nnsFunctionName(nnsFunction)}, which neither elects nor deploys an IC-OS version`,
    );
  }
  if (payload.length === 0) {
    throw new NnsError(
      'PAYLOAD_BLANKED',
      `payload of ${nnsFunctionName(nnsFunction)} is empty: listings blank payloads over 1,000 bytes, so read the proposal itself (get_proposal_info)`,
    );
  }
  if (payload.length > MAX_PAYLOAD_BYTES) {
    throw malformedPayload(`it has ${payload.length} bytes, more than ${MAX_PAYLOAD_BYTES}`);
  }
  try {
    return decode(payload);
  } catch (error) {
    if (!(error instanceof CandidError)) throw error;
    throw malformedPayload(`read as ${nnsFunctionName(nnsFunction)}, ${error.message}`, error);
  }
}

function decoderOf(nnsFunction: number): Decoder | null {
  switch (nnsFunction) {
    case 5:
      return decodeBlessReplica;
    case 11:
      return decodeDeployToSubnet;
    case 38:
      return decodeElectGuestos;
    case 40:
    case 50:
      return decodeElectHostos;
    case 47:
      return decodeDeployToApiBoundaryNodes;
    case 48:
      return decodeDeployToUnassignedNodes;
    case 51:
      return decodeDeployHostos;
    default:
      return null;
  }
}
