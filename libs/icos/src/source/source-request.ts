import type { CommitId } from '#libs/encoding';
import type { CommitReader } from '../release/detect-era.js';

/** Which source to fetch, and where to put it. */
export interface SourceRequest {
  /** `https://…`; `http://` and `file://` only because the configuration says so. */
  readonly gitUrl: string;
  readonly commit: CommitId;
  /**
   * Bare repository shared by all builds; made when absent, and never another program's. A file
   * `<cacheDir>.lock` is beside.
   */
  readonly cacheDir: string;
  /** Absent or empty; becomes a repository of its own. */
  readonly worktreeDir: string;
  /**
   * Whether the build looks at branches, as {@link readNeeds} tells. Asked once the commit is in
   * the cache, and again where the cache turns out damaged; without it no branches come.
   */
  readonly needsBranches?: (read: CommitReader) => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Longest time without progress, in milliseconds; default ten minutes. */
  readonly stallTimeoutMs?: number;
  /** How often an unreachable host is tried again; default three times. */
  readonly retries?: number;
  /** Delay before the first retry, in milliseconds, doubled each time; default five seconds. */
  readonly retryDelayMs?: number;
  readonly onProgress?: (progress: SourceProgress) => void;
}

/** How far a source is. */
export interface SourceProgress {
  readonly step: 'fetch' | 'checkout';
  readonly percent: number;
}

/**
 * What the worktree's repository holds: the one commit, or the branches of the host as
 * `refs/remotes/origin/*` as well, all with their whole history.
 */
export type SourceHistory = 'commit' | 'branches';

/** A checked-out commit. */
export interface Source {
  readonly worktree: string;
  /** Git's id of the commit's tree: the content alone, without history and message. */
  readonly treeId: string;
  readonly history: SourceHistory;
  /**
   * Branches of the host whose tip is this very commit, at most 16, each of at most 200 printable
   * ASCII characters, ascending. A host may serve commits of forks as if they were its own, so a
   * name here tells that the commit is not merely one of these; none tells nothing: the branch may
   * have moved on, or the host did not say.
   */
  readonly branchTips: readonly string[];
  /** Whether the worktree's repository lacks the commit's parents. */
  readonly isShallow: boolean;
  /** Git sees no changed, unknown or ignored file; anything else is an error. */
  readonly isClean: true;
  readonly gitVersion: string;
}
