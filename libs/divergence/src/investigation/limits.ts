/** How much is looked into. What is beyond is told as not looked at. */
export interface InvestigationLimits {
  /** Most files whose bytes are asked for. */
  readonly maxFiles: number;
  /** Questions to each side after which no further file is begun. */
  readonly maxQuestions: number;
  /** Bytes from both sides after which no further file is begun. */
  readonly maxBytes: number;
  /** Texts up to here are fetched whole, so that the order of their lines can be judged. */
  readonly wholeBytes: number;
  /** Files of dpkg's that tell of all packages are fetched whole up to here. */
  readonly statusBytes: number;
  /** Most bytes that differ in one place of what is no text, on each side. */
  readonly excerptBytes: number;
  /** Most questions for the bytes of one file's places that differ. */
  readonly maxReads: number;
  /** Most bytes of one file, on each side, that are aligned from its end, or fetched as one text. */
  readonly alignedBytes: number;
}

/** For a split of the usual kind some ten kilobytes. */
export const DEFAULT_INVESTIGATION_LIMITS: InvestigationLimits = {
  maxFiles: 400,
  maxQuestions: 1200,
  maxBytes: 24 * 1024 ** 2,
  wholeBytes: 32 * 1024,
  statusBytes: 512 * 1024,
  excerptBytes: 2048,
  maxReads: 16,
  alignedBytes: 512 * 1024,
};
