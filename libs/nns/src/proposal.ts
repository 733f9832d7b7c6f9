/** Where a proposal stands. Source: dfinity/ic, governance.proto, ProposalStatus */
export type ProposalStatus = 'unknown' | 'open' | 'rejected' | 'accepted' | 'executed' | 'failed';

/** The topic of proposals that elect IC-OS versions. Source: governance.proto, Topic */
export const TOPIC_IC_OS_VERSION_ELECTION = 13;

/** The topic of proposals that deploy IC-OS versions. Source: governance.proto, Topic */
export const TOPIC_IC_OS_VERSION_DEPLOYMENT = 12;

/** A proposal as the governance canister tells it; texts are its proposer's and hostile. */
export interface Proposal {
  readonly id: bigint;
  readonly title: string | null;
  readonly summary: string;
  readonly url: string;
  readonly topic: number;
  readonly status: ProposalStatus;
  readonly proposalTimestampSeconds: number;
  /** When voting ends as things stand; wait-for-quiet can move it. */
  readonly deadlineTimestampSeconds: number | null;
  /** The proposing neuron; its id exceeds 2^53. */
  readonly proposer: bigint | null;
  /** Null when the proposal's action is none that executes an NNS function. */
  readonly nnsFunction: number | null;
  /** What {@link decodePayload} takes; null exactly when `nnsFunction` is. */
  readonly payload: Uint8Array | null;
}
