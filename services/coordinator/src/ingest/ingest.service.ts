import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { AttestationError, envelopeDigest, type Envelope, type RoundOpen } from '#libs/attestation';
import { ConsensusError } from '#libs/consensus';
import { SUBJECTS } from '#libs/contracts';
import { DONE, type Delivery } from '#libs/messaging';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import { findOpen } from '../rounds/round-store.js';
import { REGISTRY } from '../tokens.js';
import { BatchWriterService } from './batch-writer.service.js';
import {
  addressOf,
  verifyIncoming,
  type CheckedEnvelope,
  type Incoming,
  type Shown,
} from './incoming.js';
import { WorkQueue } from './work-queue.js';

const KINDS: Readonly<Record<string, string>> = {
  [SUBJECTS.commitSubmitted]: 'commit',
  [SUBJECTS.resultSubmitted]: 'result',
  [SUBJECTS.verdictAnswered]: 'answer',
};
/** Envelopes that go into the log in one transaction, under one checkpoint. */
const MAX_BATCH = 256;

/**
 * The one narrow waist: verify, append, move the round on, commit; then receipt, then acknowledge.
 * Signatures are verified side by side; what came meanwhile is written together, in its order. Whatever
 * crashes in between, the message comes again and finds its work done.
 */
@Injectable()
export class IngestService {
  private readonly taken: Counter<'kind' | 'outcome'>;
  private readonly queue = new WorkQueue<CheckedEnvelope, Delivery>(
    (batch) => this.settle(batch),
    MAX_BATCH,
  );
  private readonly lookups = new Map<string, Promise<RoundOpen | null>>();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly writer: BatchWriterService,
    private readonly outbox: OutboxService,
    @Inject(REGISTRY) registry: Registry,
  ) {
    this.taken = new Counter({
      name: 'quorum_envelopes_total',
      help: 'Envelopes of builders, by kind and what became of them',
      labelNames: ['kind', 'outcome'],
      registers: [registry],
    });
  }

  /** Takes a builder's envelope. Hostile ones are dropped with the reason; nothing half is written. */
  async take(kind: Incoming['kind'], envelope: Envelope, shown: Shown = {}): Promise<Delivery> {
    try {
      return await this.queue.add(this.check(kind, envelope, shown));
    } catch (error) {
      const isRefusal = error instanceof AttestationError || error instanceof ConsensusError;
      if (!isRefusal) throw error;
      return { kind: 'drop', reason: `${error.code}: ${error.message}` };
    }
  }

  /** Counts an envelope that was taken elsewhere. */
  countTaken(kind: string, outcome: 'logged' | 'repeated'): void {
    this.taken.inc({ kind, outcome });
  }

  /** Counts a message that was dropped, by the schema or by {@link take}; `pattern` is its subject's. */
  countRefused(pattern: string): void {
    this.taken.inc({ kind: KINDS[pattern] ?? 'unknown', outcome: 'refused' });
  }

  /** Everything that needs no lock: many are at it at the same time. */
  private async check(
    kind: Incoming['kind'],
    envelope: Envelope,
    shown: Shown,
  ): Promise<CheckedEnvelope> {
    const { round, builder } = addressOf(kind, envelope);
    const open = await this.openOf(round);
    if (open === null) {
      throw new AttestationError('WRONG_ROUND', `round ${round} is not known here`);
    }
    const incoming = await verifyIncoming(kind, envelope, open, shown);
    return { incoming, open, round, builder, sha256: envelopeDigest(incoming.envelope) };
  }

  /** A burst of one round's envelopes asks for it once. What is known is not kept: rosters grow. */
  private openOf(round: string): Promise<RoundOpen | null> {
    const asked = this.lookups.get(round);
    if (asked !== undefined) return asked;
    const lookup = findOpen(this.dataSource.manager, round).finally(() => {
      this.lookups.delete(round);
    });
    this.lookups.set(round, lookup);
    return lookup;
  }

  private async settle(batch: readonly CheckedEnvelope[]): Promise<readonly Delivery[]> {
    const outcomes = await this.writer.write(batch, new Date());
    await this.log.sendReceipts(
      batch.flatMap(({ builder, sha256 }, at) => {
        const outcome = outcomes[at];
        if (outcome === undefined || outcome.kind === 'refused') return [];
        return [{ builder, envelopeSha256: sha256, index: outcome.index }];
      }),
    );
    // What the batch left in the outbox is durable: nobody has to wait until it is sent.
    void this.outbox.flush();
    return outcomes.map((outcome, at): Delivery => {
      if (outcome.kind === 'refused') return { kind: 'drop', reason: outcome.reason };
      this.taken.inc({ kind: batch[at]?.incoming.kind ?? 'unknown', outcome: outcome.kind });
      return DONE;
    });
  }
}
