import type { ArtifactName } from '../release/artifact.js';

/** What one check holds against what; its two sides ought to say the same. */
export type ReleaseCheckId =
  /** The bytes behind each URL of the proposal, against the proposal's digest. */
  | 'proposal-url'
  /** The proposal's digest against the SHA256SUMS line of each CDN. */
  | 'proposal-sums'
  /** A CDN's bytes against its own SHA256SUMS. */
  | 'cdn-bytes'
  /** Two CDNs against each other: their bytes, and what they list. */
  | 'cdns'
  /** The proposal's launch measurements against those on each CDN. */
  | 'proposal-measurements'
  /** Launch measurements of two CDNs against each other. */
  | 'cdn-measurements'
  /** The build's launch measurements against those that are published. */
  | 'local-measurements'
  /** The build's digest against the SHA256SUMS line of each CDN. */
  | 'local-sums'
  /** The build's digest against the proposal's. */
  | 'local-proposal'
  /** The proposal's URLs among themselves: one twice, or two on one host. */
  | 'proposal-urls';

/** How a check came out. */
export type ReleaseCheckState =
  /** Both sides were seen and say the same. */
  | 'passed'
  /** Both sides were seen and differ, or one of them is wrong in itself. */
  | 'failed'
  /** One side could not be seen. */
  | 'undecided'
  /** Worth knowing, and no reason to doubt the release. */
  | 'noted';

/** One side of a check. */
export interface CheckSide {
  /** `proposal`, `local build`, or a URL. */
  readonly where: string;
  /** A digest, or measurements in one line; null where it could not be had. */
  readonly value: string | null;
  /** Why it could not be had. */
  readonly error: string | null;
}

/** One comparison that was made. */
export interface ReleaseCheck {
  readonly id: ReleaseCheckId;
  readonly artifact: ArtifactName;
  readonly state: ReleaseCheckState;
  readonly sides: readonly CheckSide[];
}

/** Makes a side of a check that was seen. */
export function side(where: string, value: string): CheckSide {
  return { where, value, error: null };
}

/** Makes a side of a check that could not be seen. */
export function unseen(where: string, error: string): CheckSide {
  return { where, value: null, error };
}

/** Compares sides: any that differ fail, whatever else could not be seen. */
export function compareSides(sides: readonly CheckSide[]): ReleaseCheckState {
  const values = new Set(sides.flatMap(({ value }) => value ?? []));
  if (values.size > 1) return 'failed';
  return sides.some(({ value }) => value === null) ? 'undecided' : 'passed';
}
