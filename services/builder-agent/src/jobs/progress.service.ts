import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import type { Signer } from '#libs/attestation';
import { SUBJECTS, subjectFor, type Progress } from '#libs/contracts';
import { PROGRESS_CLIENT, SIGNER } from '../tokens.js';

const HEARTBEAT_MS = 5_000;

/**
 * Tells the coordinator where the build stands, and that this builder is alive. Stage, share and
 * byte count only: nothing that tells a result leaves before the round closes.
 */
@Injectable()
export class ProgressService implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private current: Progress | null = null;

  constructor(
    @Inject(PROGRESS_CLIENT) private readonly client: ClientProxy,
    @Inject(SIGNER) private readonly signer: Signer,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.emit();
    }, HEARTBEAT_MS);
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
    const isNewStage = this.current?.stage !== stage || this.current.round !== round;
    this.current = { round, builder: this.signer.id, stage, percent, sizeBytes };
    // Within a stage the heartbeat is often enough.
    if (isNewStage) this.emit();
  }

  private emit(): void {
    if (this.current === null) return;
    const subject = subjectFor(SUBJECTS.progress, this.signer.id);
    this.client.emit(subject, this.current).subscribe({
      error: () => {
        // Lossy on purpose: the next heartbeat tells the same.
      },
    });
  }
}
