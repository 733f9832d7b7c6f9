import type { FailureClass } from '../build/failure-patterns.js';

/** What a build may use; what is not there is not limited. */
export interface BuildLimits {
  /** Time from beginning to end, in milliseconds. */
  readonly wallClockMs?: number;
  /** Processes and threads. */
  readonly processes?: number;
  readonly memoryBytes?: number;
  /** What the build's folders take up, as the disk counts it. */
  readonly diskBytes?: number;
  /** What stays free on those filesystems of the build's folders that have as much free at its beginning. */
  readonly freeBytes?: number;
  readonly outputBytes?: number;
  /** Open files of one process; only where the build has a user of its own. */
  readonly openFiles?: number;
}

/** The classes of failures that limits end in. */
export type LimitClass = Extract<
  FailureClass,
  | 'time-limit'
  | 'too-many-processes'
  | 'out-of-memory'
  | 'disk-limit'
  | 'out-of-space'
  | 'log-limit'
>;

/** A limit that a build ran into, for which it was ended. */
export interface LimitHit {
  readonly class: LimitClass;
  /** In words, without paths. */
  readonly message: string;
}

/** Tells a limit and what it is in the same words everywhere. */
export const hits = {
  time: (limitMs: number): LimitHit => ({
    class: 'time-limit',
    message: `it was still running after ${Math.round(limitMs / 1000)} s`,
  }),
  processes: (limit: number): LimitHit => ({
    class: 'too-many-processes',
    message: `it came to ${limit} processes and threads, which is the limit`,
  }),
  memory: (limitBytes: number): LimitHit => ({
    class: 'out-of-memory',
    message: `it took more than ${limitBytes} bytes of memory, which is the limit`,
  }),
  disk: (limitBytes: number): LimitHit => ({
    class: 'disk-limit',
    message: `its folders took more than ${limitBytes} bytes, which is the limit`,
  }),
  space: (limitBytes: number): LimitHit => ({
    class: 'out-of-space',
    message: `it left less than ${limitBytes} bytes free on a disk`,
  }),
  output: (limitBytes: number): LimitHit => ({
    class: 'log-limit',
    message: `it printed more than ${limitBytes} bytes, which is the limit`,
  }),
} as const;
