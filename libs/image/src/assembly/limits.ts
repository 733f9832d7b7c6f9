import { DEFAULT_MAX_BYTES } from '../limits.js';

/** How much one artifact may ask of whoever makes its manifest. */
export interface ManifestLimits {
  /** Most bytes that may come out of all archives and compressed streams together, holes included. */
  readonly maxBytes: number;
  /** Most bytes out of one compressed stream for each of its own; see `DEFAULT_MAX_RATIO`. */
  readonly maxRatio: number;
  /** Most bytes that lie in the spool folder at a time, holes not counted. */
  readonly maxSpoolBytes: number;
  /** Most members of all containers together. */
  readonly maxNodes: number;
  /** How deep containers may lie within one another. */
  readonly maxDepth: number;
}

const GIB = 1024 ** 3;

/** An IC-OS artifact has some 100,000 files, five containers deep; SetupOS holds two others. */
export const DEFAULT_MANIFEST_LIMITS: ManifestLimits = {
  maxBytes: 3 * DEFAULT_MAX_BYTES,
  maxRatio: 10_000,
  maxSpoolBytes: 64 * GIB,
  maxNodes: 3_000_000,
  maxDepth: 12,
};
