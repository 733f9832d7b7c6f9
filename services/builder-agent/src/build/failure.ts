import type { Stage } from '#libs/attestation';
import type { BuildFacts } from '#libs/fingerprint';
import { stageFailure, type RebuildFailure } from '#libs/icos';
import { Interrupted, StageFailure } from './stage-failure.js';

/**
 * Turns what a stage threw into a failure that can be signed. Anything unknown is our own defect:
 * it is passed on as it is, so that nobody signs it as the release's.
 */
export function failureAt(stage: Stage, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new Interrupted('the agent is stopping', { cause: error });
  if (error instanceof StageFailure) return error;
  const failure = stageFailure(stage, error);
  return failure === null ? error : asStageFailure(failure, {});
}

/** A rebuild's failure as what ends a job, with what is known of the build by then. */
export function asStageFailure(failure: RebuildFailure, facts: Partial<BuildFacts>): StageFailure {
  const { stage, message, cause } = failure;
  const error = new StageFailure(stage, failure.class, message, { cause });
  error.facts = facts;
  return error;
}
