import { setTimeout as sleep } from 'node:timers/promises';
import { isV2ResponseBody, type HttpAgent, type SubmitResponse } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { quote } from '#libs/encoding';
import { openCertificate, readOutcome } from './certificate.js';
import { NnsError } from './error.js';
import type { Evidence, EvidenceRequest } from './evidence.js';
import type { Anchor } from './network.js';

/** How long the subnet gets between two questions for the outcome. */
const POLL_INTERVAL_MS = 500;

/**
 * Calls a method as an update, so that the subnet certifies the answer, and returns that
 * certificate together with the request. Verifies nothing that the caller does not verify again.
 */
export async function callCertified(
  agent: HttpAgent,
  anchor: Anchor,
  call: { readonly method: string; readonly argument: Uint8Array; readonly signal: AbortSignal },
): Promise<Evidence> {
  const submitted = await agent.call(anchor.canisterId, {
    methodName: call.method,
    arg: call.argument,
  });
  const { body, status } = submitted.response;
  if (isV2ResponseBody(body)) {
    throw new NnsError(
      'REJECTED',
      `replica turns the request away with code ${body.reject_code}: ${quote(body.reject_message)} (its own word, not certified)`,
    );
  }
  const certificate =
    status === 202
      ? await pollCertificate(agent, anchor, submitted.requestId, call.signal)
      : takeCertificate(body);
  return {
    certificate,
    request: toEvidenceRequest(submitted, anchor),
    requestId: Uint8Array.from(submitted.requestId),
  };
}

/** A busy subnet answers 202: accepted, the outcome is still to come. */
async function pollCertificate(
  agent: HttpAgent,
  anchor: Anchor,
  requestId: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const paths = [[new TextEncoder().encode('request_status'), requestId]];
  for (;;) {
    await sleep(POLL_INTERVAL_MS, undefined, { signal });
    const certificate = takeCertificate(await agent.readState(anchor.canisterId, { paths }));
    const opened = await openCertificate(certificate, anchor, { checkAge: true });
    if (readOutcome(opened, requestId).kind !== 'pending') return certificate;
  }
}

function takeCertificate(body: unknown): Uint8Array {
  if (typeof body === 'object' && body !== null && 'certificate' in body) {
    const { certificate } = body;
    if (certificate instanceof Uint8Array) return certificate;
  }
  throw new NnsError('UNCERTIFIED', 'replica answers without a certificate: it proves nothing');
}

function toEvidenceRequest({ requestDetails }: SubmitResponse, anchor: Anchor): EvidenceRequest {
  if (requestDetails === undefined) throw new TypeError('agent tells no request details');
  const { method_name: method, arg, sender, nonce, ingress_expiry: expiry } = requestDetails;
  return {
    sender: Principal.from(sender).toText(),
    canisterId: anchor.canisterId.toText(),
    method,
    argument: Uint8Array.from(arg),
    nonce: nonce === undefined ? null : Uint8Array.from(nonce),
    ingressExpiryNs: expiry.toBigInt(),
  };
}
