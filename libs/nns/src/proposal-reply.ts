import { decodeReply } from './candid-reply.js';
import { NnsError } from './error.js';
import { ProposalInfoPresence, ProposalInfoReply } from './governance-interface.js';
import type { Proposal, ProposalStatus } from './proposal.js';

const STATUSES: readonly ProposalStatus[] = [
  'unknown',
  'open',
  'rejected',
  'accepted',
  'executed',
  'failed',
];

/**
 * Decodes the reply of `get_proposal_info` to the question for `id`.
 *
 * @throws NnsError NO_SUCH_PROPOSAL, MALFORMED_ANSWER
 */
export function decodeProposalReply(id: bigint, reply: Uint8Array): Proposal {
  const [info] = decodeReply(ProposalInfoReply, reply) as ProposalInfoReply;
  const [presence] = decodeReply(ProposalInfoPresence, reply) as ProposalInfoPresence;
  if (info === undefined) {
    if (presence !== undefined) throw changedInterface('proposal info');
    throw new NnsError(
      'NO_SUCH_PROPOSAL',
      `governance knows no proposal ${id}: it does not exist, or is old and has been purged`,
    );
  }
  if (info.id[0]?.id !== id) {
    throw new NnsError(
      'MALFORMED_ANSWER',
      `asked for proposal ${id} but the answer is about proposal ${String(info.id[0]?.id)}`,
    );
  }
  const [proposal] = info.proposal;
  if (proposal === undefined) throw changedInterface('proposal');
  const executes = proposal.action[0]?.ExecuteNnsFunction;
  if (executes === undefined && presence?.proposal[0]?.action[0] !== undefined) {
    throw changedInterface('ExecuteNnsFunction');
  }
  return {
    id,
    title: proposal.title[0] ?? null,
    summary: proposal.summary,
    url: proposal.url,
    topic: info.topic,
    status: STATUSES[info.status] ?? 'unknown',
    proposalTimestampSeconds: toSeconds(info.proposal_timestamp_seconds),
    deadlineTimestampSeconds:
      info.deadline_timestamp_seconds[0] === undefined
        ? null
        : toSeconds(info.deadline_timestamp_seconds[0]),
    proposer: info.proposer[0]?.id ?? null,
    nnsFunction: executes?.nns_function ?? null,
    payload: executes?.payload ?? null,
  };
}

function toSeconds(nat64: bigint): number {
  const seconds = Number(nat64);
  if (Number.isSafeInteger(seconds)) return seconds;
  throw new NnsError('MALFORMED_ANSWER', `${nat64} is no time in seconds`);
}

function changedInterface(part: string): NnsError {
  return new NnsError(
    'MALFORMED_ANSWER',
    `${part} of the answer does not fit the known interface of the governance canister; a newer release of this program may know it`,
  );
}
