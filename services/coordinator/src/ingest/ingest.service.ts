import { Injectable } from '@nestjs/common';
import { AttestationError, type Envelope } from '#libs/attestation';
import { ConsensusError } from '#libs/consensus';
import { SUBJECTS } from '#libs/contracts';
import { DONE, type Delivery } from '#libs/messaging';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService, type LoggedEnvelope } from '../log/log.service.js';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { ResultMetrics } from '../metrics/result-metrics.js';
import { InvitationsService } from '../rounds/invitations.service.js';
import { BatchWriterService, type Outcome } from './batch-writer.service.js';
import {
  readClaimed,
  verifyIncoming,
  type CheckedEnvelope,
  type Incoming,
  type Shown,
} from './incoming.js';
import { WorkQueue } from './work-queue.js';

const KINDS: Readonly<Record<string, string>> = {
  [SUBJECTS.declined]: 'decline',
  [SUBJECTS.commitSubmitted]: 'commit',
  [SUBJECTS.resultSubmitted]: 'result',
  [SUBJECTS.verdictAnswered]: 'answer',
};
/** Envelopes that go into the log in one transaction, and under one checkpoint. */
const MAX_BATCH = 512;

/** An envelope with what became of it. */
interface Settled {
  readonly checked: CheckedEnvelope;
  readonly outcome: Outcome;
}

/**
 * The one narrow waist: verify, append, move the round on, commit; then receipt, then acknowledge.
 * Signatures are verified side by side; what came meanwhile is written together, in its order, and
 * receipted together while the next is written. Whatever crashes in between, the message comes again
 * and finds its work done.
 */
@Injectable()
export class IngestService {
  private readonly taken;
  private readonly writing = new WorkQueue<CheckedEnvelope, Settled>(
    (batch) => this.write(batch),
    MAX_BATCH,
  );
  private readonly receipting = new WorkQueue<LoggedEnvelope, true>(async (logged) => {
    await this.log.sendReceipts(logged);
    return logged.map(() => true);
  }, MAX_BATCH);

  constructor(
    private readonly invitations: InvitationsService,
    private readonly log: LogService,
    private readonly writer: BatchWriterService,
    private readonly outbox: OutboxService,
    private readonly meters: CoordinatorMeters,
    private readonly results: ResultMetrics,
  ) {
    this.taken = meters.counter('quorum_envelopes_total');
  }

  /** Takes a builder's envelope. Hostile ones are dropped with the reason; nothing half is written. */
  async take(kind: Incoming['kind'], envelope: Envelope, shown: Shown = {}): Promise<Delivery> {
    try {
      const { checked, outcome } = await this.writing.add(this.check(kind, envelope, shown));
      if (outcome.kind === 'refused') return { kind: 'drop', reason: outcome.reason };
      this.countTaken(kind, outcome.kind);
      const { builder, incoming } = checked;
      if (incoming.kind === 'result' && outcome.kind === 'logged') {
        this.results.count(incoming.result);
      }
      const logged = { builder, envelopeSha256: incoming.sha256, index: outcome.index };
      await this.receipting.add(Promise.resolve(logged));
      return DONE;
    } catch (error) {
      const isRefusal = error instanceof AttestationError || error instanceof ConsensusError;
      if (!isRefusal) throw error;
      return { kind: 'drop', reason: `${error.code}: ${error.message}` };
    }
  }

  /** Counts an envelope that was taken. */
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
    const claimed = readClaimed(kind, envelope);
    const { round, builder } = claimed;
    const invited = await this.invitations.find(round, builder);
    if (invited === null) {
      throw new AttestationError('WRONG_ROUND', `round ${round} is not known here`);
    }
    const incoming = await verifyIncoming(claimed, invited, shown);
    return { incoming, open: invited.open, round, builder };
  }

  private async write(batch: readonly CheckedEnvelope[]): Promise<readonly Settled[]> {
    const end = this.meters.histogram('quorum_ingest_write_seconds').startTimer();
    const outcomes = await this.writer.write(batch, new Date());
    end();
    this.meters.histogram('quorum_ingest_batch_size').observe(batch.length);
    // What the batch left in the outbox is durable: nobody has to wait until it is sent.
    void this.outbox.flush();
    return outcomes.flatMap((outcome, at) => {
      const checked = batch[at];
      return checked === undefined ? [] : [{ checked, outcome }];
    });
  }
}
