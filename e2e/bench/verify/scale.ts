/** How large the compared work is. */
export interface Scale {
  /** Commits of the repository, the release's among them. */
  readonly commits: number;
  /** Files of each commit's tree. */
  readonly files: number;
  /** Files that one commit edits. */
  readonly filesPerCommit: number;
  readonly fileBytes: number;
  /** Least size of the repository's pack. */
  readonly packedBytes: number;
  readonly artifactBytes: number;
  /** Size of the artifact beside which memory is measured. */
  readonly memoryArtifactBytes: number;
  /** How often each way is gone, cold and then warm. */
  readonly laps: number;
}

const MIB = 1024 ** 2;

/**
 * The size at which goals are held. What ours saves when it begins cold is above all the clone: the
 * smaller the repository, the less there is to save.
 */
export const FULL: Scale = {
  commits: 5_000,
  files: 6_000,
  filesPerCommit: 50,
  fileBytes: 12_000,
  packedBytes: 350_000_000,
  artifactBytes: 1024 * MIB,
  memoryArtifactBytes: 4096 * MIB,
  laps: 3,
};

/** Shows that all of it runs; its ratios say nothing. */
export const QUICK: Scale = {
  commits: 50,
  files: 60,
  filesPerCommit: 4,
  fileBytes: 12_000,
  packedBytes: 0,
  artifactBytes: 8 * MIB,
  memoryArtifactBytes: 32 * MIB,
  laps: 1,
};
