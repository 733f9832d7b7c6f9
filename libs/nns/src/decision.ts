import type { CommitId, Sha256 } from '#libs/encoding';

/** The IC-OS variant that a proposal is about. */
export type OsKind = 'guestos' | 'hostos';

/** What SEV-SNP measures when a GuestOS of this release starts with this kernel command line. */
export interface LaunchMeasurement {
  /** Null where the proposal names no command line. */
  readonly kernelCmdline: string | null;
  /** SHA-384, 96 lower-case hexadecimal characters. */
  readonly measurement: string;
}

/** A proposal that elects one version, and may unelect others. */
export interface Elects {
  readonly kind: 'elects';
  readonly os: OsKind;
  readonly commit: CommitId;
  /** The expected digest of the update image that every URL must serve. */
  readonly sha256: Sha256;
  /** 1 to 16 http(s) URLs, in the proposal's order and spelling; one may stand there twice. */
  readonly urls: readonly string[];
  /** Null where the proposal has none: always for HostOS, and for GuestOS before 2025. */
  readonly launchMeasurements: readonly LaunchMeasurement[] | null;
  /** Versions as the proposal spells them; in early eras not every one is a commit. */
  readonly unelects: readonly string[];
}

/** A proposal that only unelects versions: there is nothing to build. */
export interface UnelectsOnly {
  readonly kind: 'unelects-only';
  readonly os: OsKind;
  readonly unelects: readonly string[];
}

/** Where a version is deployed to; ids are principals as text. */
export type DeploymentTarget =
  | { readonly kind: 'subnet'; readonly subnetId: string }
  | { readonly kind: 'unassigned-nodes' }
  | { readonly kind: 'api-boundary-nodes'; readonly nodeIds: readonly string[] }
  | { readonly kind: 'nodes'; readonly nodeIds: readonly string[] };

/** A proposal that deploys a version elected earlier. */
export interface Deploys {
  readonly kind: 'deploys';
  readonly os: OsKind;
  readonly commit: CommitId;
  readonly to: DeploymentTarget;
}

/** What an IC-OS proposal decides. */
export type ProposalDecision = Elects | UnelectsOnly | Deploys;
