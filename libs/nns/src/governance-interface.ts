import { IDL } from '@dfinity/candid';

/*
 * Only what is read, of an interface that grows: candid skips fields that are not named here, and
 * an `opt variant` becomes null when the message holds an alternative that is not named. The other
 * twenty-odd alternatives of Action therefore need no mention, now or later.
 *
 * Source: dfinity/ic, rs/nns/governance/canister/governance.did
 */
const ProposalId = IDL.Record({ id: IDL.Nat64 });
const ExecuteNnsFunction = IDL.Record({ nns_function: IDL.Int32, payload: IDL.Vec(IDL.Nat8) });
const Proposal = IDL.Record({
  url: IDL.Text,
  title: IDL.Opt(IDL.Text),
  summary: IDL.Text,
  action: IDL.Opt(IDL.Variant({ ExecuteNnsFunction })),
});

/** The reply of `get_proposal_info`, as far as it is read. */
export const ProposalInfoReply = IDL.Opt(
  IDL.Record({
    id: IDL.Opt(ProposalId),
    status: IDL.Int32,
    topic: IDL.Int32,
    proposal_timestamp_seconds: IDL.Nat64,
    deadline_timestamp_seconds: IDL.Opt(IDL.Nat64),
    proposer: IDL.Opt(ProposalId),
    proposal: IDL.Opt(Proposal),
  }),
);

/** The value that {@link ProposalInfoReply} decodes to. */
export type ProposalInfoReply = [] | [ProposalInfoValue];

interface ProposalInfoValue {
  readonly id: [] | [{ readonly id: bigint }];
  readonly status: number;
  readonly topic: number;
  readonly proposal_timestamp_seconds: bigint;
  readonly deadline_timestamp_seconds: [] | [bigint];
  readonly proposer: [] | [{ readonly id: bigint }];
  readonly proposal: [] | [ProposalValue];
}

interface ProposalValue {
  readonly url: string;
  readonly title: [] | [string];
  readonly summary: string;
  readonly action: [] | [{ readonly ExecuteNnsFunction: ExecuteNnsFunctionValue }];
}

interface ExecuteNnsFunctionValue {
  readonly nns_function: number;
  readonly payload: Uint8Array;
}

/**
 * The same reply with every content that could misfit replaced by `reserved`, which always fits.
 * Where this finds a value and {@link ProposalInfoReply} finds null, the interface has changed: the
 * null must not be read as "no such proposal" or "executes no NNS function".
 */
export const ProposalInfoPresence = IDL.Opt(
  IDL.Record({
    proposal: IDL.Opt(
      IDL.Record({
        action: IDL.Opt(IDL.Variant({ ExecuteNnsFunction: IDL.Reserved })),
      }),
    ),
  }),
);

/** The value that {@link ProposalInfoPresence} decodes to. */
export type ProposalInfoPresence = [] | [{ proposal: [] | [{ action: [] | [unknown] }] }];

/** The argument of `list_proposals`. */
export const ListProposalInfo = IDL.Record({
  include_reward_status: IDL.Vec(IDL.Int32),
  omit_large_fields: IDL.Opt(IDL.Bool),
  before_proposal: IDL.Opt(ProposalId),
  limit: IDL.Nat32,
  exclude_topic: IDL.Vec(IDL.Int32),
  include_all_manage_neuron_proposals: IDL.Opt(IDL.Bool),
  include_status: IDL.Vec(IDL.Int32),
});

/** The reply of `list_proposals`, as far as it is read. */
export const ListProposalInfoReply = IDL.Record({
  proposal_info: IDL.Vec(
    IDL.Record({ id: IDL.Opt(ProposalId), topic: IDL.Int32, status: IDL.Int32 }),
  ),
});

/** The value that {@link ListProposalInfoReply} decodes to. */
export interface ListProposalInfoReply {
  readonly proposal_info: readonly {
    readonly id: [] | [{ readonly id: bigint }];
    readonly topic: number;
    readonly status: number;
  }[];
}
