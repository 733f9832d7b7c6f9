import { requestIdOf, SubmitRequestType } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import type { EvidenceRequest } from './evidence.js';

/**
 * Computes the id under which the state tree holds a call's answer: a hash over every field.
 *
 * @throws Error of @dfinity/principal when the sender or canister is no principal
 * Source: Internet Computer interface specification, "Request ids"
 */
export function computeRequestId(request: EvidenceRequest): Uint8Array {
  return requestIdOf({
    request_type: SubmitRequestType.Call,
    canister_id: Principal.fromText(request.canisterId),
    method_name: request.method,
    arg: request.argument,
    sender: Principal.fromText(request.sender),
    ingress_expiry: request.ingressExpiryNs,
    ...(request.nonce !== null && { nonce: request.nonce }),
  });
}
