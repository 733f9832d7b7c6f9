import { z } from 'zod';

/**
 * What a round is for, the most urgent first: a vote of the NNS that waits for it, a release that
 * somebody asks about, an experiment, a builder's calibration.
 */
export const URGENCY_CLASSES = ['vote', 'release', 'experiment', 'calibration'] as const;

/**
 * How urgent a round is to whoever has several to build. It is unsigned, as it decides nothing: whom it
 * misleads builds the same things in another order.
 */
export const Urgency = z.strictObject({
  class: z.enum(URGENCY_CLASSES),
  /** The end of the vote, where there is one, else of the round. */
  by: z.iso.datetime(),
});
export type Urgency = z.infer<typeof Urgency>;

const ORDINARY = URGENCY_CLASSES.indexOf('release');

/**
 * Orders what is to be built: by class, then by what ends first. What says nothing stands among the
 * releases, after those that end at some time.
 */
export function compareUrgency(a: Urgency | undefined, b: Urgency | undefined): number {
  return rankOf(a) - rankOf(b) || timeOf(a) - timeOf(b);
}

function rankOf(urgency: Urgency | undefined): number {
  return urgency === undefined ? ORDINARY : URGENCY_CLASSES.indexOf(urgency.class);
}

function timeOf(urgency: Urgency | undefined): number {
  // A difference of infinities would be no number.
  return urgency === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(urgency.by);
}
