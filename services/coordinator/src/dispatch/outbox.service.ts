import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Counter, Registry } from 'prom-client';
import type { DataSource, EntityManager } from 'typeorm';
import { DISPATCH_STREAM, SUBJECTS } from '#libs/contracts';
import {
  ensureBuilderConsumers,
  ensureStreams,
  publishEach,
  type DurableMessage,
} from '#libs/messaging';
import { OutgoingEntity, RoundEntity } from '#libs/persistence';
import { Ticker } from '#libs/platform';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { NATS, REGISTRY } from '../tokens.js';
import { batchOutcome, type BatchOutcome, type RefusedRow } from './batch-outcome.js';
import { enqueueAll, type Outgoing } from './outgoing.js';

const POLL_MS = 1_000;
const STREAMS_MS = 2_000;
const BATCH = 100;

type Waiting = Pick<OutgoingEntity, 'id' | 'subjects' | 'body'>;

/**
 * Sends what transactions left in the outbox. PostgreSQL holds the truth: a message counts as sent
 * once JetStream took it, and is sent again when JetStream turns out to have lost its streams. What is
 * too large for JetStream is set aside: it must not keep other rounds from theirs.
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

  private readonly setAside: Counter<'kind'>;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(REGISTRY) registry: Registry,
  ) {
    this.setAside = new CoordinatorMeters(registry).counter('quorum_outgoing_refused_total');
  }

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
        .set({ sentAt: null, refused: null })
        .where(`"round" IN ${this.unfinished()}`)
        // A verdict is answered whenever a builder comes back, long after its round has ended.
        .orWhere('("subjects" LIKE :verdicts AND "created_at" > :since)', {
          verdicts: `${SUBJECTS.verdictLogged}.%`,
          since: new Date(Date.now() - DISPATCH_STREAM.maxAgeSeconds * 1000),
        })
        .execute();
    });
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
    const outcome = await this.dataSource.transaction((manager) => this.sendBatch(manager));
    for (const row of outcome.refused) this.report(row);
    // The rows that were taken are kept as sent; the others are tried again after a while.
    if (outcome.waitsFor !== null) throw outcome.waitsFor;
    return outcome.sent.length + outcome.refused.length === BATCH;
  }

  private async sendBatch(manager: EntityManager): Promise<BatchOutcome> {
    // Two coordinators share the work instead of doing it twice.
    const waiting = await manager.query<Waiting[]>(
      `SELECT "id", "subjects", "body" FROM "outgoing"
       WHERE "sent_at" IS NULL AND "refused" IS NULL
       ORDER BY "created_at" LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    );
    const rows = waiting.map((row) => ({ id: row.id, messages: messagesOf(row) }));
    const messages = rows.flatMap((row) => row.messages);
    if (messages.length === 0) return batchOutcome([], new Map());
    await ensureBuilderConsumers(
      this.nats,
      messages.map(({ subject }) => subject.slice(subject.lastIndexOf('.') + 1)),
    );
    const outcome = batchOutcome(rows, await publishEach(this.nats, messages));
    // Forgotten in a crash, it is sent once more, and the stream knows it by its id.
    await manager.query('SET LOCAL synchronous_commit = off');
    await manager.query('UPDATE "outgoing" SET "sent_at" = $1 WHERE "id" = ANY($2)', [
      new Date(),
      outcome.sent.map(({ id }) => id),
    ]);
    for (const { id, reason } of outcome.refused) {
      await manager.query('UPDATE "outgoing" SET "refused" = $1 WHERE "id" = $2', [reason, id]);
    }
    return outcome;
  }

  private report({ id, reason, messages }: RefusedRow): void {
    const [first] = messages;
    const kind = first?.subject.split('.').at(-2) ?? 'unknown';
    this.setAside.inc({ kind }, messages.length);
    this.logger.error(
      `${kind} to ${messages.length} builders is not sent: ${reason} (row ${id} of "outgoing", ${Buffer.byteLength(first?.body ?? '')} bytes)`,
    );
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
