import type {
  BuilderKeys,
  BuilderList,
  BuilderView,
  LoggedAttestation,
  Report,
  RoundAttestations,
  RoundExplanation,
  RoundList,
} from '#libs/contracts';

/** What the answers say, by the names under which pages ask for them. */
export interface Bodies {
  readonly rounds: RoundList;
  readonly report: Report;
  readonly explanation: RoundExplanation;
  readonly attestations: RoundAttestations;
  readonly builders: BuilderList;
  readonly builder: BuilderView;
  readonly keys: BuilderKeys;
  readonly attestation: LoggedAttestation;
  /** A signed note. */
  readonly checkpoint: string;
  /** The log's verifier key. */
  readonly key: string;
}
