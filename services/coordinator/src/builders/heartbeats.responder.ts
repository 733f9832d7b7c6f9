import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Heartbeat, SUBJECTS, type HeartbeatAnswer } from '#libs/contracts';
import { BuilderQuestions } from '../nats/builder-questions.js';
import { DroppedMessages } from '../nats/dropped-messages.js';
import { NATS } from '../tokens.js';
import { HeartbeatsService } from './heartbeats.service.js';

/** Of one builder, which is to send one every 15 seconds. */
const HEARTBEATS_PER_SECOND = 1;

/** Takes heartbeats over NATS, and answers what is wanted of whoever sent one. */
@Injectable()
export class HeartbeatsResponder implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(HeartbeatsResponder.name);
  private questions: BuilderQuestions<Heartbeat> | null = null;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly heartbeats: HeartbeatsService,
    private readonly dropped: DroppedMessages,
  ) {}

  onModuleInit(): void {
    this.questions = new BuilderQuestions(this.nats, this.dropped, {
      ...{ subject: SUBJECTS.heartbeat, schema: Heartbeat, perSecond: HEARTBEATS_PER_SECOND },
      answer: async (told): Promise<HeartbeatAnswer> => ({
        order: await this.heartbeats.take(told, new Date()),
      }),
      onError: (error) => {
        // Without an answer the builder goes on as it is, and tells again.
        this.logger.warn(`a heartbeat cannot be taken: ${String(error)}`);
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.questions?.drain();
  }
}
