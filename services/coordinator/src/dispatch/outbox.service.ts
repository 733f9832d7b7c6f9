import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import { In, IsNull, type DataSource, type EntityManager } from 'typeorm';
import { DISPATCH_STREAM, SUBJECTS } from '#libs/contracts';
import { ensureBuilderConsumers, ensureStreams, publishDurably } from '#libs/messaging';
import { OutgoingEntity, RoundEntity } from '#libs/persistence';
import { Ticker } from '#libs/platform';
import { NATS } from '../tokens.js';
import { enqueue, enqueueAll, type Outgoing } from './outgoing.js';

const POLL_MS = 1_000;
const STREAMS_MS = 2_000;
const BATCH = 100;

/**
 * Sends what transactions left in the outbox. PostgreSQL holds the truth: a message counts as sent
 * once JetStream took it, and is sent again when JetStream turns out to have lost its streams.
 */
@Injectable()
export class OutboxService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(OutboxService.name);
  private readonly ticker = new Ticker(() => this.send(), {
    everyMs: POLL_MS,
    onError: (error) => {
      this.logger.warn(`outbox waits: ${String(error)}`);
    },
  });
  /** Consuming notices only the loss of what is consumed: the stream to builders is looked after here. */
  private readonly streams = new Ticker(() => this.prepare(), {
    everyMs: STREAMS_MS,
    onError: (error) => {
      this.logger.warn(`streams cannot be looked after: ${String(error)}`);
    },
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
    this.streams.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.ticker.stop(), this.streams.stop()]);
  }

  /** Creates missing streams; what a lost stream held for rounds that still run is sent again. */
  async prepare(): Promise<void> {
    await ensureStreams(this.nats, async () => {
      await this.dataSource
        .createQueryBuilder()
        .update(OutgoingEntity)
        .set({ sentAt: null })
        .where(`"round" IN ${this.unfinished()}`)
        // A verdict is answered whenever a builder comes back, long after its round has ended.
        .orWhere('("subject" LIKE :verdicts AND "created_at" > :since)', {
          verdicts: `${SUBJECTS.verdictLogged}.%`,
          since: new Date(Date.now() - DISPATCH_STREAM.maxAgeSeconds * 1000),
        })
        .execute();
    });
  }

  /** Writes a message to a builder in the caller's transaction. */
  async enqueue(manager: EntityManager, message: Outgoing, now: Date): Promise<void> {
    await enqueue(manager, message, now);
  }

  /** Writes messages to many builders in the caller's transaction. */
  async enqueueAll(
    manager: EntityManager,
    messages: readonly Outgoing[],
    now: Date,
  ): Promise<void> {
    await enqueueAll(manager, messages, now);
  }

  /** Sends what is waiting, what was written before this call included. */
  flush(): Promise<void> {
    return this.ticker.wake();
  }

  private async send(): Promise<void> {
    while (await this.sendSome());
  }

  /** Sends a batch; true when there may be more. */
  private async sendSome(): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const waiting = await manager.find(OutgoingEntity, {
        where: { sentAt: IsNull() },
        order: { createdAt: 'ASC' },
        take: BATCH,
        // Two coordinators share the work instead of doing it twice.
        lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
      });
      if (waiting.length === 0) return false;
      await ensureBuilderConsumers(
        this.nats,
        waiting.map(({ subject }) => subject.slice(subject.lastIndexOf('.') + 1)),
      );
      await Promise.all(
        waiting.map(({ id, subject, body }) => publishDurably(this.nats, subject, body, id)),
      );
      const ids = waiting.map(({ id }) => id);
      await manager.update(OutgoingEntity, { id: In(ids) }, { sentAt: new Date() });
      return waiting.length === BATCH;
    });
  }

  private unfinished(): string {
    const rounds = this.dataSource
      .createQueryBuilder(RoundEntity, 'round')
      .select('round.id')
      .where(`round.phase <> 'final'`);
    return `(${rounds.getQuery()})`;
  }
}
