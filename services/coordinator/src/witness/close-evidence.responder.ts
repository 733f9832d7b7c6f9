import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { CloseEvidenceAsked, SUBJECTS } from '#libs/contracts';
import { answerBuilder, FloodGate } from '#libs/messaging';
import { DroppedMessages } from '../nats/dropped-messages.js';
import { NATS } from '../tokens.js';
import { CloseEvidenceService } from './close-evidence.service.js';

/** Of one builder. It asks again every few seconds, for each round that waits. */
const QUESTIONS_PER_SECOND = 20;

/** Answers builders' questions for close evidence over NATS, in plain JSON. */
@Injectable()
export class CloseEvidenceResponder implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(CloseEvidenceResponder.name);
  private readonly gate = new FloodGate(QUESTIONS_PER_SECOND, () => performance.now());
  private subscription: Subscription | null = null;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly evidence: CloseEvidenceService,
    private readonly dropped: DroppedMessages,
  ) {}

  onModuleInit(): void {
    this.subscription = this.nats.subscribe(`${SUBJECTS.closeEvidence}.*`, {
      // Each question is one coordinator's business.
      queue: 'coordinator',
      callback: (error, message) => {
        if (error !== null) return;
        if (this.gate.lets(message.subject)) void this.answer(message);
        else this.dropped.count(message.subject, 'flood');
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const { subscription } = this;
    this.subscription = null;
    await subscription?.drain();
  }

  private async answer(message: Msg): Promise<void> {
    try {
      const asked = CloseEvidenceAsked.safeParse(parsed(message));
      const isOwn = asked.success && message.subject.endsWith(`.${asked.data.builder}`);
      const found = isOwn ? await this.evidence.find(asked.data) : null;
      if (!answerBuilder(message, found)) this.dropped.count(message.subject, 'misdirected');
    } catch (error) {
      // Without an answer the builder asks again.
      this.logger.warn(`close evidence cannot be given: ${String(error)}`);
    }
  }
}

function parsed(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
