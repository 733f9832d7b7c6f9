import type {
  Agreement,
  AttestationList,
  BuilderHistory,
  BuilderKeys,
  BuilderList,
  BuilderView,
  Group,
  GroupList,
  GroupRounds,
  LoggedAttestation,
  ProposalList,
  Report,
  RoundAttestations,
  RoundExplanation,
  RoundGroups,
  RoundList,
  RoundLogs,
} from '#libs/contracts';

/** What the answers say, by the names under which pages ask for them. */
export interface Bodies {
  readonly proposals: ProposalList;
  readonly rounds: RoundList;
  readonly report: Report;
  readonly explanation: RoundExplanation;
  readonly attestations: RoundAttestations;
  readonly logs: RoundLogs;
  readonly builders: BuilderList;
  readonly builder: BuilderView;
  readonly keys: BuilderKeys;
  readonly agreement: Agreement;
  readonly history: BuilderHistory;
  readonly groups: GroupList;
  readonly group: Group;
  readonly groupRounds: GroupRounds;
  readonly roundGroups: RoundGroups;
  readonly attestation: LoggedAttestation;
  /** A signed note. */
  readonly checkpoint: string;
  readonly entries: AttestationList;
  /** The log's verifier key. */
  readonly key: string;
}
