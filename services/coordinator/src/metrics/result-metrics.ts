import { Injectable } from '@nestjs/common';
import type { Result } from '#libs/attestation';
import { CoordinatorMeters } from './coordinator-meters.js';

/** Longer ones are no builds, but a clock that was set. */
const MAX_SECONDS = 30 * 86_400;

/** Counts what builders show. */
@Injectable()
export class ResultMetrics {
  private readonly builds;
  private readonly seconds;

  constructor(meters: CoordinatorMeters) {
    this.builds = meters.counter('quorum_builds_total');
    this.seconds = meters.histogram('quorum_build_duration_seconds');
  }

  /** Counts a result that was logged. Its words for a failure are its builder's: only the stage is a label. */
  count(result: Result): void {
    const outcome = result.kind;
    this.builds.inc({ outcome, stage: result.kind === 'failed' ? result.stage : '' });
    const took = (Date.parse(result.finishedAt) - Date.parse(result.startedAt)) / 1000;
    if (took >= 0 && took <= MAX_SECONDS) this.seconds.observe({ outcome }, took);
  }
}
