import { IDL } from '@dfinity/candid';
import { quote, toHex } from '#libs/encoding';
import { toNnsError } from './agent-error.js';
import { openCertificate, readCertifiedTimeNs, readOutcome } from './certificate.js';
import { NnsError } from './error.js';
import type { Evidence } from './evidence.js';
import { toAnchor, type Anchor, type Trust } from './network.js';
import { decodeProposalReply } from './proposal-reply.js';
import type { Proposal } from './proposal.js';
import { computeRequestId } from './request-id.js';

/** The method whose answers are kept as evidence. */
export const PROPOSAL_METHOD = 'get_proposal_info';

/** Subnets answer a call until its expiry, which is at most 5 minutes away, and 5 minutes more. */
const MAX_EXPIRY_DISTANCE_NS = 10n * 60n * 1_000_000_000n;

/** A proposal and what proves it. */
export interface CertifiedProposal {
  readonly proposal: Proposal;
  readonly evidence: Evidence;
  /** When the subnet signed, in nanoseconds since 1970. */
  readonly certifiedTimeNs: bigint;
}

/**
 * Verifies evidence offline: that the subnet which runs the governance canister certified, under
 * the root key, exactly this answer to exactly this request, within 10 minutes of the request's
 * expiry. Needs no network and no clock, so it holds years later.
 *
 * @throws NnsError UNCERTIFIED when anything does not fit: certificate, root key, request id,
 *   canister, method, argument, time
 * @throws NnsError REJECTED, NO_SUCH_PROPOSAL when that is what is certified
 * @throws NnsError MALFORMED_ANSWER, INVALID_ARGUMENT
 * Source: Internet Computer interface specification, "Certification" and "Request ids"
 */
export async function verifyEvidence(
  evidence: Evidence,
  trust: Trust = {},
): Promise<CertifiedProposal> {
  return verifyAgainst(evidence, toAnchor(trust), { checkAge: false });
}

/** Verifies evidence, with `checkAge` also against this machine's clock, as befits a live answer. */
export async function verifyAgainst(
  evidence: Evidence,
  anchor: Anchor,
  options: { readonly checkAge: boolean },
): Promise<CertifiedProposal> {
  const id = readQuestion(evidence, anchor);
  checkRequestId(evidence);
  const certificate = await openCertificate(evidence.certificate, anchor, options);
  const certifiedTimeNs = readCertifiedTimeNs(certificate);
  checkTime(certifiedTimeNs, evidence.request.ingressExpiryNs);
  const outcome = readOutcome(certificate, evidence.requestId);
  switch (outcome.kind) {
    case 'pending':
      throw new NnsError('UNCERTIFIED', 'certificate holds no answer to this request');
    case 'rejected':
      throw new NnsError(
        'REJECTED',
        `governance rejects the request with code ${outcome.code}: ${quote(outcome.message)}`,
      );
    case 'replied':
      return { proposal: decodeProposalReply(id, outcome.reply), evidence, certifiedTimeNs };
  }
}

/** Encodes the argument of {@link PROPOSAL_METHOD}. */
export function encodeQuestion(id: bigint): Uint8Array {
  return IDL.encode([IDL.Nat64], [id]);
}

function readQuestion({ request }: Evidence, anchor: Anchor): bigint {
  // A certified answer of another canister, or of another method, proves nothing about proposals.
  if (request.canisterId !== anchor.canisterId.toText() || request.method !== PROPOSAL_METHOD) {
    throw new NnsError(
      'UNCERTIFIED',
      `evidence is about ${quote(request.method)} of canister ${quote(request.canisterId)}, expected ${PROPOSAL_METHOD} of ${anchor.canisterId.toText()}`,
    );
  }
  const argument = Buffer.from(request.argument);
  const id = argument.length >= 8 ? argument.readBigUInt64LE(argument.length - 8) : 0n;
  if (!argument.equals(encodeQuestion(id))) {
    throw new NnsError('UNCERTIFIED', 'argument of the request is not one proposal id');
  }
  return id;
}

function checkRequestId({ request, requestId }: Evidence): void {
  let computed: Uint8Array;
  try {
    computed = computeRequestId(request);
  } catch (error) {
    throw toNnsError(error, 'request');
  }
  if (!Buffer.from(computed).equals(requestId)) {
    throw new NnsError(
      'UNCERTIFIED',
      `request id is ${toHex(requestId)}, but the request hashes to ${toHex(computed)}`,
    );
  }
}

function checkTime(certifiedTimeNs: bigint, ingressExpiryNs: bigint): void {
  const distance = certifiedTimeNs - ingressExpiryNs;
  if (distance <= MAX_EXPIRY_DISTANCE_NS && -distance <= MAX_EXPIRY_DISTANCE_NS) return;
  throw new NnsError(
    'UNCERTIFIED',
    `certificate is of ${certifiedTimeNs} ns, more than 10 minutes away from the request's expiry of ${ingressExpiryNs} ns`,
  );
}
