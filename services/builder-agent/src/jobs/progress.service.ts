import {
  Inject,
  Injectable,
  Optional,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Signer } from '#libs/attestation';
import { SUBJECTS, subjectFor, type Progress } from '#libs/contracts';
import { BuildMeter } from '../metrics/build-meter.js';
import { NATS, SIGNER } from '../tokens.js';

const REPEAT_MS = 5_000;
/** Rounds that are told of; one that was not heard of for longest makes way. */
const MOST_TOLD = 64;
/** Stages after which nothing changes in a round: told once more, and no more. */
const LAST: ReadonlySet<Progress['stage']> = new Set(['committed', 'withheld', 'revealed']);

/**
 * Tells the coordinator where each build stands. Stage, share and byte count only: nothing that tells
 * a result leaves before the round closes.
 */
@Injectable()
export class ProgressService implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private readonly current = new Map<string, Progress>();

  constructor(
    @Inject(NATS) private readonly nats: Pick<NatsConnection, 'publish'>,
    @Inject(SIGNER) private readonly signer: Signer,
    @Optional() private readonly meter?: BuildMeter,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.repeat();
    }, REPEAT_MS);
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  report(
    round: string,
    stage: Progress['stage'],
    percent: number | null = null,
    sizeBytes: number | null = null,
  ): void {
    this.meter?.stage(round, stage);
    const isNewStage = this.current.get(round)?.stage !== stage;
    const progress = { round, builder: this.signer.id, stage, percent, sizeBytes };
    this.current.delete(round);
    this.current.set(round, progress);
    const [eldest] = this.current.keys();
    if (this.current.size > MOST_TOLD && eldest !== undefined) this.current.delete(eldest);
    // Within a stage the repetition is often enough.
    if (isNewStage) this.emit(progress);
  }

  private repeat(): void {
    for (const [round, progress] of [...this.current]) {
      this.emit(progress);
      if (LAST.has(progress.stage)) this.current.delete(round);
    }
  }

  private emit(progress: Progress): void {
    const subject = subjectFor(SUBJECTS.progress, this.signer.id);
    try {
      // As the stock transport of Nest spells an event, which is what listens.
      this.nats.publish(subject, JSON.stringify({ pattern: subject, data: progress }));
    } catch {
      // Lossy on purpose: the next repetition tells the same.
    }
  }
}
