import { DEFAULT_MAX_BYTES } from '../limits.js';

/** How much one artifact may ask of whoever makes its manifest. */
export interface ManifestLimits {
  /**
   * Most bytes that may come out of all archives, compressed streams, disks and filesystems together,
   * holes included. They count each time that they come out of something: those of a file in an ext4
   * image in a `.tar.zst` with the stream, with the archive's member, and as a file.
   */
  readonly maxBytes: number;
  /** Most bytes out of one compressed stream for each of its own; see `DEFAULT_MAX_RATIO`. */
  readonly maxRatio: number;
  /**
   * Most bytes of holes that are hashed, in files of archives and of filesystems, for each byte of the
   * artifact, and 16 GiB. One filesystem may have 64 times its own size; this is that of one in an
   * artifact that compresses it to a quarter, and bounds filesystems within others.
   */
  readonly maxHoleRatio: number;
  /** Most bytes that lie in the spool folder at a time, holes not counted. */
  readonly maxSpoolBytes: number;
  /** Most members of all containers together. */
  readonly maxNodes: number;
  /** How deep containers may lie within one another. */
  readonly maxDepth: number;
}

const GIB = 1024 ** 3;

/**
 * An IC-OS artifact has some 100,000 files, five containers deep; SetupOS holds two others. Each of the
 * three counts twice at most, as a disk image in its archive and as what is in it: streams are small
 * beside that, as they leave out holes.
 */
export const DEFAULT_MANIFEST_LIMITS: ManifestLimits = {
  maxBytes: 6 * DEFAULT_MAX_BYTES,
  maxRatio: 10_000,
  maxHoleRatio: 256,
  maxSpoolBytes: 64 * GIB,
  maxNodes: 3_000_000,
  maxDepth: 12,
};
