import type { Urgency } from '#libs/contracts';
import { compareUrgency } from '#libs/contracts';
import { nextStep, type Job } from './job.js';

/** A job with what tells when it is its turn. */
export type Queued = Job & { readonly urgency: Urgency | null };

/**
 * Gives the jobs that are to be built, the next one first: by what the coordinator said of their
 * urgency, then the oldest round. Those whose next try is not due yet stand there, too.
 */
export function queueOf<T extends Queued>(jobs: readonly T[]): readonly T[] {
  return jobs
    .filter((job) => nextStep(job) === 'build')
    .toSorted(
      (a, b) =>
        compareUrgency(a.urgency ?? undefined, b.urgency ?? undefined) ||
        a.open.openedAt.localeCompare(b.open.openedAt, 'en') ||
        a.round.localeCompare(b.round, 'en'),
    );
}

/** Tells whether a job may begin: its last try is long enough ago. */
export function isDue({ tries }: Pick<Job, 'tries'>, now: Date): boolean {
  return tries === null || Date.parse(tries.nextAt) <= now.getTime();
}
