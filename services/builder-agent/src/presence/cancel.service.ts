import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { AttestationError, type Signer } from '#libs/attestation';
import { CancelAsked, SUBJECTS, subjectFor, type CancelAnswer } from '#libs/contracts';
import { answerAsBuilder } from '#libs/messaging';
import { readCancel, type Coordinator } from '../jobs/coordinator-identity.js';
import { JobRunnerService } from '../jobs/job-runner.service.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { COORDINATOR, NATS, SIGNER } from '../tokens.js';

/**
 * Ends a build at once when the coordinator orders so, and answers once nothing of it runs. The order is
 * signed: whoever can publish on the subject still cannot keep a builder from its vote.
 */
@Injectable()
export class CancelService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(CancelService.name);
  private subscription: Subscription | null = null;

  constructor(
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly jobs: JobStoreService,
    private readonly runner: JobRunnerService,
  ) {}

  onModuleInit(): void {
    this.subscription = this.nats.subscribe(subjectFor(SUBJECTS.cancel, this.signer.id), {
      callback: (error, message) => {
        if (error === null) void this.respond(message);
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const { subscription } = this;
    this.subscription = null;
    await subscription?.drain();
  }

  private async respond(message: Msg): Promise<void> {
    const startedAt = performance.now();
    const outcome = await this.obey(message).catch((error: unknown) => {
      this.logger.warn(`an order to stop is refused: ${String(error)}`);
      return 'refused' as const;
    });
    const tookMs = Math.round(performance.now() - startedAt);
    try {
      answerAsBuilder(message, this.signer.id, { outcome, tookMs } satisfies CancelAnswer);
    } catch (error) {
      // Who asked asks again, and hears that it does not run.
      this.logger.debug(`an answer was not sent: ${String(error)}`);
    }
  }

  private async obey(message: Msg): Promise<CancelAnswer['outcome']> {
    const { order } = CancelAsked.parse(message.json());
    const { round, reason } = readCancel(order, this.coordinator, this.signer.id);
    // Of a round that was never dispatched here nothing is kept: an order is no dispatch.
    if ((await this.jobs.find(round)) === null) {
      throw new AttestationError('WRONG_ROUND', 'the round was never dispatched to this builder');
    }
    return (await this.runner.stop(round, reason)) ? 'stopped' : 'not-running';
  }
}
