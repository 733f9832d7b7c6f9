/**
 * Work in steps of some milliseconds: between two of them whoever does it may do something else. What
 * comes out does not depend on how long it rests.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Does all steps, one right after the other. */
export function allSteps<Result>(work: Steps<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
