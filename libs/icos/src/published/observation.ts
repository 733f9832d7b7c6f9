import type { Sha256 } from '#libs/encoding';
import type { ArtifactName } from '../release/artifact.js';
import type { IcosErrorCode } from '../error.js';

/** Where a digest was read: the CDN's file, its line in SHA256SUMS, or a URL of the proposal. */
export type ObservationRole = 'cdn-bytes' | 'cdn-sums' | 'proposal-url';

/** What one place publishes of one artifact, or why that could not be read. */
export interface Observation {
  readonly url: string;
  readonly role: ObservationRole;
  readonly artifact: ArtifactName;
  /** Null exactly when there is an error. */
  readonly sha256: Sha256 | null;
  /** Null for a line of SHA256SUMS, which tells none, and when there is an error. */
  readonly sizeBytes: number | null;
  readonly error: { readonly code: IcosErrorCode; readonly message: string } | null;
}
