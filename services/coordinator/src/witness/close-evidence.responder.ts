import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { CloseEvidenceAsked, SUBJECTS } from '#libs/contracts';
import { BuilderQuestions } from '../nats/builder-questions.js';
import { DroppedMessages } from '../nats/dropped-messages.js';
import { NATS } from '../tokens.js';
import { CloseEvidenceService } from './close-evidence.service.js';

/** Of one builder. It asks again every few seconds, for each round that waits. */
const QUESTIONS_PER_SECOND = 20;

/** Answers builders' questions for close evidence over NATS. */
@Injectable()
export class CloseEvidenceResponder implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(CloseEvidenceResponder.name);
  private questions: BuilderQuestions<CloseEvidenceAsked> | null = null;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly evidence: CloseEvidenceService,
    private readonly dropped: DroppedMessages,
  ) {}

  onModuleInit(): void {
    this.questions = new BuilderQuestions(this.nats, this.dropped, {
      ...{ subject: SUBJECTS.closeEvidence, schema: CloseEvidenceAsked },
      ...{ perSecond: QUESTIONS_PER_SECOND, unreadable: null },
      answer: (asked) => this.evidence.find(asked),
      onError: (error) => {
        // Without an answer the builder asks again.
        this.logger.warn(`close evidence cannot be given: ${String(error)}`);
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.questions?.drain();
  }
}
