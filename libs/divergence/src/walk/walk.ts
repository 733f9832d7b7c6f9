import type { Sha256 } from '#libs/encoding';
import type { PageSource } from '#libs/manifest';
import type { Difference } from '../difference.js';

/** One of two manifests: the root that its builder signed, and who answers for its pages. */
export interface WalkSide {
  readonly root: Sha256;
  readonly pages: PageSource;
}

/** How much a walk may find, and how much it may ask of each side. */
export interface WalkLimits {
  /** Differences that are told one by one; what is more is counted. */
  readonly maxDifferences: number;
  readonly maxPages: number;
  readonly maxBytes: number;
  /** Pages of one container, so that a disk full of changed times does not hide the rest. */
  readonly maxPagesPerContainer: number;
}

/** What a walk had one side send. */
export interface Moved {
  readonly pages: number;
  readonly bytes: number;
}

/** What came of a walk. */
export interface Walk {
  /**
   * By location, a node before the container that it is. What has to follow from another difference
   * is not among them: the content of an archive of which a member differs, and the like.
   */
  readonly differences: readonly Difference[];
  /** What was taken away as merely following from those, such as the digest of that archive. */
  readonly consequences: readonly Difference[];
  /** Differences that were seen beside those. */
  readonly untold: number;
  /** Whether pages that differ were not looked at, so that more may differ than was seen. */
  readonly truncated: boolean;
  readonly moved: { readonly left: Moved; readonly right: Moved };
  /** Times that each side was asked. */
  readonly questions: number;
}

/** Far more than a split of one cause needs, far less than an image. */
export const WALK_LIMITS: WalkLimits = {
  maxDifferences: 2_000,
  maxPages: 4_096,
  maxBytes: 32 * 1024 ** 2,
  maxPagesPerContainer: 1_024,
};
