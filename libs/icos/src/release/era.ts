import type { ArtifactName } from './artifact.js';

/** Where one artifact comes out of a build, and where it is published. */
export interface ArtifactSpec {
  readonly name: ArtifactName;
  /** File in the worktree after the build, with `/` between folders. */
  readonly outputPath: string;
  /** Folder on the CDN below `ic/<commit>/`. */
  readonly cdnDir: string;
  /** File name on the CDN, which is also its name in that folder's SHA256SUMS. */
  readonly file: string;
  /** Regular files that the archive must hold; none for a file that is no archive. */
  readonly members: readonly string[];
  /**
   * Artifacts whose bytes, or a digest of them, are inside this one: a difference in theirs
   * implies one here, and is no second finding.
   */
  readonly embeds: readonly ArtifactName[];
}

/**
 * A file that a build leaves on its way, that is in no artifact bit for bit and that nobody
 * publishes. Who has its digest built it, or has it from somebody who did.
 */
export interface IntermediateSpec {
  /** What results call it. */
  readonly name: string;
  /**
   * Where it is in the build's home, with `/` between folders. `*` stands for the whole name of a
   * folder; exactly one file has to fit.
   */
  readonly path: string;
  /** The artifacts that it is on the way to. */
  readonly artifacts: readonly ArtifactName[];
}

/** A sign of an era: a file that the commit holds, and a text that stands in it. */
export interface EraMark {
  readonly path: string;
  readonly contains: string;
}

/** What some commits of an era ask of the build's temp filesystem. */
export interface TempRule {
  /** All of them must hold for the rule to apply. */
  readonly marks: readonly EraMark[];
  readonly blockSizeBytes: number;
}

/** A span of commits that are built alike. */
export interface Era {
  readonly id: string;
  /** All of them must hold, and no earlier row of the table may. */
  readonly marks: readonly EraMark[];
  /** Command line, run in the worktree. */
  readonly command: readonly [string, ...string[]];
  /** Where one of them holds, the version stamp asks which branches contain the commit. */
  readonly branchMarks: readonly EraMark[];
  /** The container engine that the script calls; null where it calls none. */
  readonly engine: 'docker' | 'podman' | null;
  /** Whether GitHub attests the provenance of each SHA256SUMS that is published. */
  readonly attestsSums: boolean;
  /** Free space without which a build has no chance, in bytes. */
  readonly minimumDiskBytes: number;
  readonly tempRules: readonly TempRule[];
  readonly artifacts: readonly ArtifactSpec[];
  /**
   * What a build leaves on its way; none where no such file is known, and then nobody can show more
   * than the artifacts themselves.
   */
  readonly intermediates: readonly IntermediateSpec[];
}
