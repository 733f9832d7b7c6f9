import { Principal } from '@dfinity/principal';
import { encodeExecution } from './payload.js';
import type { ProposalAction, ProposalSpec } from './proposal-spec.js';

/** A proposal's status by name, in the order of the canister's numbers. */
export const STATUSES = ['unknown', 'open', 'rejected', 'accepted', 'executed', 'failed'] as const;

/** Where a proposal stands. */
export type Status = (typeof STATUSES)[number];

/** A proposal as the canister keeps it. */
export interface StoredProposal {
  readonly id: bigint;
  readonly topic: number;
  status: Status;
  readonly action: object;
  /** The encoded argument of the NNS function, where the action executes one. */
  readonly payload: Uint8Array | null;
  readonly spec: ProposalSpec;
  readonly timestampSeconds: bigint;
}

const GOVERNANCE_TOPIC = 4;
const PROTOCOL_CANISTER_MANAGEMENT = 17;
const VOTING_PERIOD_SECONDS = 4n * 24n * 3600n;
const PROPOSER = { id: 2649066124191664356n };

/** Stores a proposal that was just made. */
export function storeProposal(id: bigint, spec: ProposalSpec): StoredProposal {
  const timestampSeconds = BigInt(Math.floor(Date.now() / 1000));
  const { action, topic, payload } = encodeAction(spec);
  return { id, topic, status: 'open', action, payload, spec, timestampSeconds };
}

/** Shows a proposal as `ProposalInfo`; `isListing` blanks large payloads as the canister does. */
export function toProposalInfo(stored: StoredProposal, isListing: boolean): object {
  const { id, spec, timestampSeconds } = stored;
  return {
    id: [{ id }],
    status: STATUSES.indexOf(stored.status),
    topic: stored.topic,
    failure_reason: [],
    ballots: [],
    proposal_timestamp_seconds: timestampSeconds,
    reward_event_round: 0n,
    deadline_timestamp_seconds: [timestampSeconds + VOTING_PERIOD_SECONDS],
    failed_timestamp_seconds: 0n,
    reject_cost_e8s: 2_500_000_000n,
    derived_proposal_information: [],
    latest_tally: [
      {
        no: 12_801_443_719n,
        yes: 1_204_332_209_316_112n,
        total: 46_334_384_189_105_008n,
        timestamp_seconds: timestampSeconds,
      },
    ],
    reward_status: 1,
    decided_timestamp_seconds: 0n,
    proposal: [
      {
        url: spec.url ?? `https://forum.dfinity.org/t/${id}`,
        title: [spec.title ?? `Proposal ${id}`],
        action: [isListing ? blank(stored) : stored.action],
        summary: spec.summary ?? `A proposal of the kind ${spec.kind}.`,
      },
    ],
    proposer: [PROPOSER],
    executed_timestamp_seconds: 0n,
    total_potential_voting_power: [46_334_384_189_105_008n],
  };
}

/* Source: dfinity/ic, EXECUTE_NNS_FUNCTION_PAYLOAD_LISTING_BYTES_MAX */
const LISTED_PAYLOAD_BYTES_MAX = 1000;

function blank({ action, payload }: StoredProposal): object {
  if (payload === null || payload.length <= LISTED_PAYLOAD_BYTES_MAX) return action;
  const { ExecuteNnsFunction } = action as { ExecuteNnsFunction: object };
  return { ExecuteNnsFunction: { ...ExecuteNnsFunction, payload: new Uint8Array(0) } };
}

function encodeAction(spec: ProposalAction): Pick<StoredProposal, 'action' | 'topic' | 'payload'> {
  if (spec.kind === 'motion') {
    const action = { Motion: { motion_text: spec.text } };
    return { action, topic: GOVERNANCE_TOPIC, payload: null };
  }
  if (spec.kind === 'upgrade-canister') {
    const action = {
      InstallCode: {
        skip_stopping_before_installing: [],
        wasm_module_hash: [new Uint8Array(32).fill(7)],
        canister_id: [Principal.fromText(spec.canisterId)],
        arg_hash: [],
        install_mode: [3],
      },
    };
    return { action, topic: PROTOCOL_CANISTER_MANAGEMENT, payload: null };
  }
  const { nnsFunction, payload, topic } = encodeExecution(spec);
  const action = { ExecuteNnsFunction: { nns_function: nnsFunction, payload } };
  return { action, topic, payload };
}
