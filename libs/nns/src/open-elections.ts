import { IDL } from '@dfinity/candid';
import { decodeReply } from './candid-reply.js';
import { NnsError } from './error.js';
import { ListProposalInfo, ListProposalInfoReply } from './governance-interface.js';
import { TOPIC_IC_OS_VERSION_ELECTION } from './proposal.js';

/** Governance answers with at most this many. Source: dfinity/ic, MAX_LIST_PROPOSAL_RESULTS */
export const MAX_LISTED = 100;

const OPEN = 1;
const TOPICS = 32;

/** Which page of the open elections to list. */
export interface ListOptions {
  /** Only proposals older than this one. */
  readonly beforeId?: bigint | undefined;
  /** 1 to 100, default 100. */
  readonly limit?: number | undefined;
}

/** @throws NnsError INVALID_ARGUMENT */
export function encodeListQuestion({ beforeId, limit = MAX_LISTED }: ListOptions): Uint8Array {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    throw new NnsError('INVALID_ARGUMENT', `limit is ${limit}, expected 1 to ${MAX_LISTED}`);
  }
  const question = {
    include_reward_status: [],
    omit_large_fields: [true],
    before_proposal: beforeId === undefined ? [] : [{ id: beforeId }],
    limit,
    // The interface can only exclude topics; the answer is filtered again, for topics to come.
    exclude_topic: Array.from({ length: TOPICS }, (_, topic) => topic).filter(
      (topic) => topic !== TOPIC_IC_OS_VERSION_ELECTION,
    ),
    include_all_manage_neuron_proposals: [],
    include_status: [OPEN],
  };
  return IDL.encode([ListProposalInfo], [question]);
}

/**
 * Takes only the ids out of a listing: its payloads may be blanked.
 *
 * @throws NnsError MALFORMED_ANSWER
 */
export function decodeListReply(reply: Uint8Array): bigint[] {
  const listing = decodeReply(ListProposalInfoReply, reply) as ListProposalInfoReply;
  const ids = listing.proposal_info
    .filter(({ topic, status }) => topic === TOPIC_IC_OS_VERSION_ELECTION && status === OPEN)
    .flatMap(({ id }) => id.map(({ id }) => id));
  return [...new Set(ids)];
}
