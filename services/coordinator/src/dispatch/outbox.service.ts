import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource, EntityManager } from 'typeorm';
import { DISPATCH_STREAM, SUBJECTS } from '#libs/contracts';
import {
  ensureBuilderConsumers,
  ensureStreams,
  publishAll,
  type DurableMessage,
} from '#libs/messaging';
import { OutgoingEntity, RoundEntity } from '#libs/persistence';
import { Ticker } from '#libs/platform';
import { NATS } from '../tokens.js';
import { enqueue, enqueueAll, type Outgoing } from './outgoing.js';

const POLL_MS = 1_000;
const STREAMS_MS = 2_000;
const BATCH = 100;

type Waiting = Pick<OutgoingEntity, 'id' | 'subjects' | 'body'>;

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
        .orWhere('("subjects" LIKE :verdicts AND "created_at" > :since)', {
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
      // Two coordinators share the work instead of doing it twice.
      const waiting = await manager.query<Waiting[]>(
        `SELECT "id", "subjects", "body" FROM "outgoing" WHERE "sent_at" IS NULL
         ORDER BY "created_at" LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      );
      if (waiting.length === 0) return false;
      const messages = waiting.flatMap(messagesOf);
      await ensureBuilderConsumers(
        this.nats,
        messages.map(({ subject }) => subject.slice(subject.lastIndexOf('.') + 1)),
      );
      await publishAll(this.nats, messages);
      const ids = waiting.map(({ id }) => id);
      // Forgotten in a crash, it is sent once more, and the stream knows it by its id.
      await manager.query('SET LOCAL synchronous_commit = off');
      await manager.query('UPDATE "outgoing" SET "sent_at" = $1 WHERE "id" = ANY($2)', [
        new Date(),
        ids,
      ]);
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

/** One for each builder; of a row to several, each is a message of its own to the stream. */
function messagesOf({ id, subjects, body }: Waiting): readonly DurableMessage[] {
  const each = subjects.split('\n');
  return each.map((subject, at) => ({
    ...{ subject, body, messageId: each.length === 1 ? id : `${id}.${at}` },
  }));
}
