import { IDL } from '@dfinity/candid';

/*
 * The governance canister's interface in full where it is answered, and with enough of its other
 * actions that a reader meets alternatives which it does not know.
 *
 * Source: dfinity/ic, rs/nns/governance/canister/governance.did
 */
const Id = IDL.Record({ id: IDL.Nat64 });
const Blob = IDL.Vec(IDL.Nat8);
const Principals = IDL.Record({ principals: IDL.Vec(IDL.Principal) });
const AccountIdentifier = IDL.Record({ hash: Blob });
const NodeProvider = IDL.Record({
  id: IDL.Opt(IDL.Principal),
  reward_account: IDL.Opt(AccountIdentifier),
});
const Followees = IDL.Record({ followees: IDL.Vec(Id) });
const RewardNodeProvider = IDL.Record({
  node_provider: IDL.Opt(NodeProvider),
  reward_mode: IDL.Opt(
    IDL.Variant({
      RewardToNeuron: IDL.Record({ dissolve_delay_seconds: IDL.Nat64 }),
      RewardToAccount: IDL.Record({ to_account: IDL.Opt(AccountIdentifier) }),
    }),
  ),
  amount_e8s: IDL.Nat64,
});

// Proposals are recursive: ManageNeuron can make one.
const Proposal = IDL.Rec();
const ManageNeuron = IDL.Record({
  id: IDL.Opt(Id),
  command: IDL.Opt(
    IDL.Variant({
      MakeProposal: Proposal,
      RegisterVote: IDL.Record({ vote: IDL.Int32, proposal: IDL.Opt(Id) }),
      RefreshVotingPower: IDL.Record({}),
    }),
  ),
  neuron_id_or_subaccount: IDL.Opt(IDL.Variant({ Subaccount: Blob, NeuronId: Id })),
});
const Action = IDL.Variant({
  RegisterKnownNeuron: IDL.Record({
    id: IDL.Opt(Id),
    known_neuron_data: IDL.Opt(IDL.Record({ name: IDL.Text, description: IDL.Opt(IDL.Text) })),
  }),
  ManageNeuron,
  InstallCode: IDL.Record({
    skip_stopping_before_installing: IDL.Opt(IDL.Bool),
    wasm_module_hash: IDL.Opt(Blob),
    canister_id: IDL.Opt(IDL.Principal),
    arg_hash: IDL.Opt(Blob),
    install_mode: IDL.Opt(IDL.Int32),
  }),
  StopOrStartCanister: IDL.Record({
    action: IDL.Opt(IDL.Int32),
    canister_id: IDL.Opt(IDL.Principal),
  }),
  ExecuteNnsFunction: IDL.Record({ nns_function: IDL.Int32, payload: Blob }),
  RewardNodeProvider,
  SetDefaultFollowees: IDL.Record({
    default_followees: IDL.Vec(IDL.Tuple(IDL.Int32, Followees)),
  }),
  RewardNodeProviders: IDL.Record({
    use_registry_derived_rewards: IDL.Opt(IDL.Bool),
    rewards: IDL.Vec(RewardNodeProvider),
  }),
  ApproveGenesisKyc: Principals,
  AddOrRemoveNodeProvider: IDL.Record({
    change: IDL.Opt(IDL.Variant({ ToRemove: NodeProvider, ToAdd: NodeProvider })),
  }),
  Motion: IDL.Record({ motion_text: IDL.Text }),
});
Proposal.fill(
  IDL.Record({
    url: IDL.Text,
    title: IDL.Opt(IDL.Text),
    action: IDL.Opt(Action),
    summary: IDL.Text,
  }),
);

export const ProposalInfo = IDL.Record({
  id: IDL.Opt(Id),
  status: IDL.Int32,
  topic: IDL.Int32,
  failure_reason: IDL.Opt(IDL.Record({ error_message: IDL.Text, error_type: IDL.Int32 })),
  ballots: IDL.Vec(IDL.Tuple(IDL.Nat64, IDL.Record({ vote: IDL.Int32, voting_power: IDL.Nat64 }))),
  proposal_timestamp_seconds: IDL.Nat64,
  reward_event_round: IDL.Nat64,
  deadline_timestamp_seconds: IDL.Opt(IDL.Nat64),
  failed_timestamp_seconds: IDL.Nat64,
  reject_cost_e8s: IDL.Nat64,
  derived_proposal_information: IDL.Opt(
    IDL.Record({
      swap_background_information: IDL.Opt(
        IDL.Record({ fallback_controller_principal_ids: IDL.Vec(IDL.Principal) }),
      ),
    }),
  ),
  latest_tally: IDL.Opt(
    IDL.Record({
      no: IDL.Nat64,
      yes: IDL.Nat64,
      total: IDL.Nat64,
      timestamp_seconds: IDL.Nat64,
    }),
  ),
  reward_status: IDL.Int32,
  decided_timestamp_seconds: IDL.Nat64,
  proposal: IDL.Opt(Proposal),
  proposer: IDL.Opt(Id),
  executed_timestamp_seconds: IDL.Nat64,
  total_potential_voting_power: IDL.Opt(IDL.Nat64),
});

export const ListProposalInfo = IDL.Record({
  include_reward_status: IDL.Vec(IDL.Int32),
  omit_large_fields: IDL.Opt(IDL.Bool),
  before_proposal: IDL.Opt(Id),
  limit: IDL.Nat32,
  exclude_topic: IDL.Vec(IDL.Int32),
  include_all_manage_neuron_proposals: IDL.Opt(IDL.Bool),
  include_status: IDL.Vec(IDL.Int32),
});

/** The value that {@link ListProposalInfo} decodes to. */
export interface ListProposalInfoValue {
  readonly before_proposal: [] | [{ readonly id: bigint }];
  readonly limit: number;
  readonly exclude_topic: Int32Array;
  readonly include_status: Int32Array;
}

export const ListProposalInfoResponse = IDL.Record({ proposal_info: IDL.Vec(ProposalInfo) });
