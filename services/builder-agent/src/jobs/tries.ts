import { z } from 'zod';

/** Most failures of which a job keeps more than the count. */
const MAX_TOLD = 20;
const LONGEST_PAUSE_MS = 1_800_000;

/** What passed off badly so far in one job, and when it is tried again. */
export const Tries = z.object({
  count: z.number().int().min(0),
  nextAt: z.iso.datetime(),
  failures: z
    .array(z.object({ stage: z.string(), class: z.string(), at: z.iso.datetime() }))
    .max(MAX_TOLD),
});
export type Tries = z.infer<typeof Tries>;

/** How often, and after which first pause, what passes is tried again. */
export interface TryLimits {
  readonly mostTries: number;
  readonly firstPauseMs: number;
}

/** A try that failed. */
export interface FailedTry {
  readonly stage: string;
  readonly failureClass: string;
  readonly at: Date;
}

/** Failures that another time may not have: the way to somewhere, and nothing that was built. */
const PASSING: ReadonlySet<string> = new Set(['network', 'image-pull']);

/**
 * Says when a failed build is tried again: after pauses that double up to half an hour, and only
 * before its round ends. Null where it is to be signed: what does not pass, what was tried often
 * enough, and what could not begin in time.
 */
export function triesAfter(
  before: Tries | null,
  failed: FailedTry,
  closesAt: Date,
  { mostTries, firstPauseMs }: TryLimits,
): Tries | null {
  if (!PASSING.has(failed.failureClass)) return null;
  const count = (before?.count ?? 0) + 1;
  if (count >= mostTries) return null;
  const pauseMs = Math.min(firstPauseMs * 2 ** (count - 1), LONGEST_PAUSE_MS);
  const nextAt = new Date(failed.at.getTime() + pauseMs);
  if (nextAt >= closesAt) return null;
  const { stage, failureClass, at } = failed;
  const failures = [
    ...(before?.failures ?? []),
    { stage, class: failureClass, at: at.toISOString() },
  ];
  return { count, nextAt: nextAt.toISOString(), failures: failures.slice(-MAX_TOLD) };
}
