import type { Stage } from '#libs/attestation';
import type { BuildFacts } from '#libs/fingerprint';

/** A build that did not come to its outputs: a signed result, not a crash of the agent. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  /** What was known of the build when it failed. */
  facts: Partial<BuildFacts> = {};
  constructor(
    readonly stage: Stage,
    /** Failure class, such as `out-of-space`. */
    readonly failureClass: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The agent is being stopped: nothing is signed, and the job starts again with the agent. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
