import type {
  KeyHistory,
  Result,
  Reveal,
  RosterEntry,
  RoundOpen,
  VerdictRefusal,
} from '#libs/attestation';
import type { RoundState } from '#libs/consensus';
import type { OpenedEntry } from './entry.js';
import type { Finding } from './finding.js';

/** A result that a builder showed, and where. */
export interface ShownResult {
  readonly entry: OpenedEntry;
  readonly result: Result;
}

/** A builder's word on what it had verified when it showed its result. */
export interface ShownReveal {
  readonly entry: OpenedEntry;
  readonly reveal: Reveal;
}

/** Another round on the same release. */
export interface OtherRound {
  readonly round: string;
  readonly index: number;
}

/** A round as its log tells it: nothing here was said by anybody's database. */
export interface Replay {
  readonly round: string;
  readonly opened: OpenedEntry;
  readonly open: RoundOpen;
  /** Everybody who was ever invited. */
  readonly roster: readonly RosterEntry[];
  readonly history: KeyHistory;
  readonly state: RoundState;
  readonly closeIndex: number | null;
  /** The verdict as the coordinator signed it; null while there is none. */
  readonly verdict: OpenedEntry | null;
  /** Log index of each counted commit, by builder. */
  readonly commitIndexes: ReadonlyMap<string, number>;
  /** The counted results by builder. */
  readonly results: ReadonlyMap<string, ShownResult>;
  /** The sound reveals by builder, before the verdict. */
  readonly reveals: ReadonlyMap<string, ShownReveal>;
  /** Every commit and result of the round before its verdict, in log order, dissent included. */
  readonly inputs: readonly OpenedEntry[];
  /** Who signed the verdict's own payload, by builder. */
  readonly countersignatures: ReadonlyMap<string, OpenedEntry>;
  readonly refusals: readonly VerdictRefusal[];
  /** Rounds on the same release that were opened before the verdict, in log order. */
  readonly others: readonly OtherRound[];
  readonly findings: readonly Finding[];
}
