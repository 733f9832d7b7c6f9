import { Injectable } from '@nestjs/common';
import type { Result } from '#libs/attestation';
import type { Progress } from '#libs/contracts';
import { AgentMeters } from './agent-meters.js';

/** Stages in which a builder works; in the others it waits for somebody. */
const AT_WORK: ReadonlySet<string> = new Set([
  ...['preflight', 'source', 'build', 'outputs', 'manifests', 'published'],
]);

interface Try {
  readonly startedAtMs: number;
  stage: string;
  stageAtMs: number;
}

/** Why a try of a build came to no result. */
export type Unsealed = 'declined' | 'waiting' | 'interrupted';

/** Measures builds as they go from stage to stage. */
@Injectable()
export class BuildMeter {
  private readonly tries = new Map<string, Try>();

  constructor(private readonly meters: AgentMeters) {}

  /** A build has come to a stage. */
  stage(round: string, stage: Progress['stage']): void {
    const nowMs = performance.now();
    const running = this.tries.get(round);
    if (!AT_WORK.has(stage)) return;
    if (running === undefined || stage === 'preflight') {
      this.tries.set(round, { startedAtMs: nowMs, stage, stageAtMs: nowMs });
      return;
    }
    if (running.stage === stage) return;
    this.endStage(running, nowMs);
    Object.assign(running, { stage, stageAtMs: nowMs });
  }

  /** A try came to a result. */
  sealed(round: string, result: Result): void {
    const failed = result.kind === 'failed' ? result : { stage: '', class: '' };
    this.end(round, result.kind, failed.stage, failed.class);
  }

  /** A try came to none; of a failure that passes, or that others do not have, with what failed. */
  unsealed(round: string, outcome: Unsealed, stage = '', failureClass = ''): void {
    this.end(round, outcome, stage, failureClass);
  }

  private end(round: string, outcome: string, stage: string, failureClass: string): void {
    this.meters.counter('quorum_agent_tries_total').inc({ outcome, stage, class: failureClass });
    const running = this.tries.get(round);
    if (running === undefined) return;
    this.tries.delete(round);
    const nowMs = performance.now();
    this.endStage(running, nowMs);
    const seconds = (nowMs - running.startedAtMs) / 1000;
    this.meters.histogram('quorum_agent_try_duration_seconds').observe({ outcome }, seconds);
  }

  private endStage({ stage, stageAtMs }: Try, nowMs: number): void {
    const seconds = (nowMs - stageAtMs) / 1000;
    this.meters.histogram('quorum_agent_stage_duration_seconds').observe({ stage }, seconds);
  }
}
