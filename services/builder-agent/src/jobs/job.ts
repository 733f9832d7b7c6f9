import { z } from 'zod';
import { Envelope, type RoundOpen } from '#libs/attestation';

/** A finished result and the commit to it, signed once and never changed. */
export const Sealed = z.object({ result: Envelope, commit: Envelope });
export type Sealed = z.infer<typeof Sealed>;

/**
 * One round, as this builder holds it on disk. Each part is written once, and what is there tells
 * what is next: build, commit, wait for the close, reveal.
 */
export interface Job {
  readonly round: string;
  readonly open: RoundOpen;
  readonly sealed: Sealed | null;
  /** The tlog-proof of the commit. */
  readonly commitReceipt: string | null;
  readonly roundClose: Envelope | null;
  /** The tlog-proof of the result. */
  readonly resultReceipt: string | null;
}

/** What a job waits for. */
export type NextStep = 'build' | 'commit' | 'await-close' | 'reveal' | 'done';

/**
 * Tells what a job needs next. A result is shown only after its commit and the close are known; in a
 * round that is not blind, after its commit.
 */
export function nextStep(job: Job): NextStep {
  if (job.sealed === null) return 'build';
  if (job.commitReceipt === null) return 'commit';
  if (job.roundClose === null && job.open.blind) return 'await-close';
  return job.resultReceipt === null ? 'reveal' : 'done';
}
