import type { Finding } from './difference.js';

/** A fact as a builder told it; null where it could not be read or was withheld: a missing value. */
export type FactValue = string | number | boolean | null;

/** One builder of a split: what it is, and which bytes it got. */
export interface Observation {
  readonly builder: string;
  /** Digest of the cluster. */
  readonly cluster: string;
  /** Flattened: `temp.block-size` and the like. A name that is absent is a missing value. */
  readonly facts: Readonly<Record<string, FactValue>>;
  /** Whose machine it is; builders of one operator are not independent. Default: its own. */
  readonly operator?: string;
}

/** One fact, and how it parts the clusters. */
export interface SeparatingFact {
  readonly name: string;
  /** Values told, cluster by cluster: larger clusters first, then by digest. Each value once. */
  readonly values: readonly (readonly FactValue[])[];
  /** Where a number parts by its size: between these two. */
  readonly between?: readonly [number, number];
  /** Where one value parts from all others: that value. */
  readonly apart?: FactValue;
}

/** Facts that part the builders in one and the same way. */
export interface SeparatorGroup {
  readonly facts: readonly SeparatingFact[];
  /** Of one fact, over all rounds that were pooled; never less than the exact one. */
  readonly pValue: number;
  /** By Holm's correction for the number of different ways to part that were tried. */
  readonly correctedP: number;
  /** Whether each cluster has values of its own, missing values aside. */
  readonly isPerfect: boolean;
  /** Whether a sole dissenter makes it so: any fact of one builder's own would do. */
  readonly trivial: boolean;
  /** Builders whose value is missing. */
  readonly missing: number;
  /** Rounds that had something to say, this one included. */
  readonly rounds: number;
}

/** A cause that is known, and why it is thought to be at work here. */
export interface Suspicion {
  /** Id in the catalogue, or `fact:<name>` for a fact that statistics alone name. */
  readonly cause: string;
  readonly facts: readonly string[];
  readonly grounds: 'trace' | 'statistics';
  /** One sentence of symptom and trace. */
  readonly because: string;
  readonly remedy: string | null;
}

export const CONCLUSIONS = ['explained', 'ambiguous', 'unexplained'] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** The re-build that tells most, as text and as what a round is opened with. */
export interface NextExperiment {
  readonly builder: string;
  /** Null for the same builder once more, unchanged. */
  readonly change: {
    readonly fact: string;
    readonly from: FactValue;
    readonly to: FactValue;
  } | null;
  readonly text: string;
}

/** What the findings do not say of the bytes that were compared. */
export interface NotTold {
  /** Files that differ and of which no byte was looked at. */
  readonly files: number;
  /** Files of which not all that differs was looked at. */
  readonly parts: number;
  /** Differences that were seen and are not among the findings, nor is their like. */
  readonly untold: number;
  /** Findings that were left out beside others of their kind. */
  readonly unlisted: number;
  /** Whether more may differ than was looked at. */
  readonly truncated: boolean;
}

/** Why one artifact split, as far as it can be told. */
export interface ArtifactExplanation {
  readonly artifact: string;
  readonly clusters: readonly { readonly digest: string; readonly builders: readonly string[] }[];
  readonly factsTried: number;
  /** Best first. */
  readonly separators: readonly SeparatorGroup[];
  /** Root causes first; consequences after them, each naming its cause. */
  readonly findings: readonly Finding[];
  /** Absent where the findings say all that differs between the clusters that were compared. */
  readonly notTold?: NotTold;
  readonly suspicions: readonly Suspicion[];
  readonly conclusion: Conclusion;
  readonly next: NextExperiment | null;
  /** A paragraph that a voter understands. */
  readonly paragraph: string;
}
