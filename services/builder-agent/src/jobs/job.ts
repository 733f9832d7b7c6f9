import { z } from 'zod';
import { CancelReason, Envelope, type RoundOpen } from '#libs/attestation';
import type { Urgency } from '#libs/contracts';
import type { Tries } from './tries.js';

/** A finished result and the commit to it, signed once and never changed. */
export const Sealed = z.object({ result: Envelope, commit: Envelope });
export type Sealed = z.infer<typeof Sealed>;

/** Why a result may be shown: what the log's last checkpoint had to say for itself by then. */
export const Grounds = z.enum(['witnessed', 'fallback', 'unwitnessed']);
export type Grounds = z.infer<typeof Grounds>;

/**
 * The decision to show a result, made once. The statement is null for a late commit, and where the
 * key is not the one that was invited. `unanswered`, on no more than a close, is read from the disks
 * of agents that still decided so, for their rounds' verdicts are to be answered; it is not decided.
 */
export const Shown = z.object({
  grounds: z.enum([...Grounds.options, 'unanswered']),
  reveal: Envelope.nullable(),
});
export type Shown = z.infer<typeof Shown>;

/** Why a round is not built after all: it is over, or the coordinator ordered so. */
export const Stopped = z.object({
  reason: z.enum(['round-closed', ...CancelReason.options]),
  at: z.iso.datetime(),
});
export type Stopped = z.infer<typeof Stopped>;

/**
 * One round, as this builder holds it on disk. Each part is written once, and what is there tells
 * what is next: build, commit, wait for the close, wait for its witnesses, reveal.
 */
export interface Job {
  readonly round: string;
  /** RoundOpen as it came, signed by whoever was the coordinator then. */
  readonly dispatch: Envelope;
  readonly open: RoundOpen;
  /** As the coordinator said it, unsigned; null where it said nothing. */
  readonly urgency: Urgency | null;
  /** What was tried in vain, and is tried again. */
  readonly tries: Tries | null;
  readonly stopped: Stopped | null;
  /** This builder's word that it does not build. */
  readonly declined: Envelope | null;
  /** The tlog-proof of the decline. */
  readonly declineReceipt: string | null;
  readonly sealed: Sealed | null;
  /** The tlog-proof of the commit. */
  readonly commitReceipt: string | null;
  readonly roundClose: Envelope | null;
  /** When the close was first on disk; null without it, and with one that an older agent kept. */
  readonly closeKeptAt: Date | null;
  /** Whether the coordinator's evidence for the close ever contradicted itself. */
  readonly isContradicted: boolean;
  readonly shown: Shown | null;
  /** The tlog-proof of the result. */
  readonly resultReceipt: string | null;
  /** As the coordinator signed it. */
  readonly verdict: Envelope | null;
  /** The verdict's payload under this builder's signature, or its refusal. */
  readonly answer: Envelope | null;
  /** The tlog-proof of the answer. */
  readonly answerReceipt: string | null;
}

/** What a job waits for. */
export type NextStep =
  'build' | 'decline' | 'commit' | 'await-close' | 'await-witnesses' | 'reveal' | 'done';

/**
 * Tells what a job needs next. A result is shown only after its commit and the close are known, and
 * the log was seen to hold both; in a round that is not blind, after its commit. What is sealed goes on
 * whatever else is there: a build may have ended while it was being stopped.
 */
export function nextStep(job: Job): NextStep {
  if (job.sealed === null) return beforeSeal(job);
  if (job.commitReceipt === null) return 'commit';
  if (job.roundClose === null && job.open.blind) return 'await-close';
  if (job.resultReceipt !== null) return 'done';
  return job.shown === null && job.open.blind ? 'await-witnesses' : 'reveal';
}

function beforeSeal({ declined, declineReceipt, roundClose, stopped }: Job): NextStep {
  if (declined !== null) {
    // The log takes none after the close: who was away hears of the round and of its close at once.
    return declineReceipt === null && roundClose === null ? 'decline' : 'done';
  }
  return stopped === null ? 'build' : 'done';
}

const DAY_MS = 86_400_000;
/** How long after its round was opened a shown result's job waits for a verdict. */
const VERDICT_WAIT_MS = 30 * DAY_MS;
/** How long for a way to answer it. */
const ANSWER_WAIT_MS = 90 * DAY_MS;

/** Tells whether a job needs nothing more: all that it can say is in the log, or nobody asks it. */
export function isSettled(job: Job, now: Date): boolean {
  if (nextStep(job) !== 'done') return false;
  if (job.answerReceipt !== null) return true;
  const waitMs = job.verdict === null ? VERDICT_WAIT_MS : ANSWER_WAIT_MS;
  return Date.parse(job.open.openedAt) + waitMs < now.getTime();
}
