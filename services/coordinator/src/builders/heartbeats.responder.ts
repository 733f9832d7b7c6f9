import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { Heartbeat, SUBJECTS, type HeartbeatAnswer } from '#libs/contracts';
import { answerBuilder, FloodGate } from '#libs/messaging';
import { DroppedMessages } from '../nats/dropped-messages.js';
import { NATS } from '../tokens.js';
import { HeartbeatsService } from './heartbeats.service.js';

/** Of one builder, which is to send one every 15 seconds. */
const HEARTBEATS_PER_SECOND = 1;

/** Takes heartbeats over NATS, and answers what is wanted of whoever sent one. */
@Injectable()
export class HeartbeatsResponder implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(HeartbeatsResponder.name);
  private readonly gate = new FloodGate(HEARTBEATS_PER_SECOND, () => performance.now());
  private subscription: Subscription | null = null;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly heartbeats: HeartbeatsService,
    private readonly dropped: DroppedMessages,
  ) {}

  onModuleInit(): void {
    this.subscription = this.nats.subscribe(`${SUBJECTS.heartbeat}.*`, {
      // Each heartbeat is one coordinator's business.
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
      const told = Heartbeat.safeParse(parsed(message));
      if (!told.success || !message.subject.endsWith(`.${told.data.builder}`)) return;
      const order = await this.heartbeats.take(told.data, new Date());
      const answer: HeartbeatAnswer = { order };
      if (!answerBuilder(message, answer)) this.dropped.count(message.subject, 'misdirected');
    } catch (error) {
      // Without an answer the builder goes on as it is, and tells again.
      this.logger.warn(`a heartbeat cannot be taken: ${String(error)}`);
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
