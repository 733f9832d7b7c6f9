/** How much is looked into. */
export interface InvestigationLimits {
  /** Most files whose bytes are asked for; the others are told by their attributes. */
  readonly maxFiles: number;
  /** Texts up to here are fetched whole, so that the order of their lines can be judged. */
  readonly wholeBytes: number;
  /** Files of dpkg's that tell of all packages are fetched whole up to here. */
  readonly statusBytes: number;
  /** Bytes of one excerpt, on each side. */
  readonly excerptBytes: number;
  /** Most excerpts of one file. */
  readonly maxExcerpts: number;
  /** Most findings in all. */
  readonly maxFindings: number;
}

/** A few hundred kilobytes at most, for a split of the usual kind some ten. */
export const DEFAULT_INVESTIGATION_LIMITS: InvestigationLimits = {
  maxFiles: 48,
  wholeBytes: 32 * 1024,
  statusBytes: 512 * 1024,
  excerptBytes: 1024,
  maxExcerpts: 3,
  maxFindings: 2000,
};
