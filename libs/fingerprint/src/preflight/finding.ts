/** `unknown` is what could not be read: it is never taken for a fault. */
export type CheckLevel = 'ok' | 'warning' | 'error' | 'unknown';

/** One thing to do about a finding. */
export interface FixStep {
  /** Program and arguments, without `sudo`; null where no command does it. */
  readonly command: readonly [string, ...string[]] | null;
  readonly needsRoot: boolean;
  /** What it does, or what to do by hand and why no command does. */
  readonly text: string;
  /** A file to make, with its whole content; one that is there already is to be left alone. */
  readonly file?: { readonly path: string; readonly content: string };
}

/** What one check says of a machine. */
export interface MachineFinding {
  readonly check: string;
  readonly level: CheckLevel;
  /** Of the machine: at most 200 characters, without controls. */
  readonly found: string;
  readonly expected: string;
  /** Why it matters. */
  readonly why: string;
  /** Where that was seen; null for a rule of thumb, and for needs of this project's own. */
  readonly source: string | null;
  /** What to do about it, in this order; never empty for a warning or an error. */
  readonly fix: readonly FixStep[];
}

/** What the release to be built asks of the machine. */
export interface MachineNeeds {
  /** The container engine that its script calls; null where it calls none, or is not known yet. */
  readonly engine: 'docker' | 'podman' | null;
  /** Free space without which a build has no chance; 0 where it is not known yet. */
  readonly minimumDiskBytes: number;
  /** Block size that its temp filesystem must have; null where the commit does not look. */
  readonly tempBlockSizeBytes: number | null;
}
