import type { CommitId } from '#libs/encoding';
import type { RefusalCode } from './refusal.js';

/**
 * What is known of a checksum file's provenance. `absent`: no bundle was given, which is a fact and
 * no failure; whether one was to be expected, the caller knows.
 */
export type ProvenanceVerdict =
  ConfirmedProvenance | RefusedProvenance | { readonly state: 'absent' };

/** One bundle holds in every point. */
export interface ConfirmedProvenance {
  readonly state: 'confirmed';
  /** The name that the file was attested by: `ic/<commit>/<dir>/SHA256SUMS`. */
  readonly subject: string;
  readonly facts: ProvenanceFacts;
}

/** Bundles were given, and none holds. */
export interface RefusedProvenance {
  readonly state: 'refused';
  /** Of the bundle that held longest. */
  readonly code: RefusalCode;
  /** Says what was found and expected; hostile values are quoted. */
  readonly message: string;
  /** One for each bundle, in their order. */
  readonly refusals: readonly { readonly code: RefusalCode; readonly message: string }[];
}

/** What the certificate, and those who witnessed the signature, say of the run. */
export interface ProvenanceFacts {
  /** `https://github.com/dfinity/ic` */
  readonly repository: string;
  readonly commit: CommitId;
  /** `refs/heads/…` */
  readonly ref: string;
  /** The run's own workflow, by its path in the repository. */
  readonly workflow: string;
  /** The workflow of the attesting job, likewise. */
  readonly signerWorkflow: string;
  readonly issuer: string;
  /** `push`, `workflow_dispatch`, …; as the three below null where the certificate is silent. */
  readonly trigger: string | null;
  readonly runUrl: string | null;
  /** `github-hosted` or `self-hosted`. */
  readonly runner: string | null;
  readonly certificate: {
    /** Lower-case hexadecimal. */
    readonly serialNumber: string;
    /** ISO 8601, as the end. */
    readonly notBefore: string;
    readonly notAfter: string;
  };
  readonly witness: Witness;
}

/** Who saw the signature, and when (ISO 8601, the earliest of several). */
export type Witness =
  | {
      readonly kind: 'transparency-log';
      readonly at: string;
      /** The log's address, and the entry's place in it. */
      readonly log: string;
      readonly index: string;
    }
  | { readonly kind: 'timestamp-authority'; readonly at: string };
