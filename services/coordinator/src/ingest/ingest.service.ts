import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, type Registry } from 'prom-client';
import type { DataSource, EntityManager } from 'typeorm';
import {
  AttestationError,
  commitmentOf,
  envelopeDigest,
  type Envelope,
  type RoundOpen,
} from '#libs/attestation';
import { advance, ConsensusError } from '#libs/consensus';
import { SUBJECTS } from '#libs/contracts';
import { DONE, type Delivery } from '#libs/messaging';
import { lockLog, RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { OutboxService } from '../dispatch/outbox.service.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { LogService } from '../log/log.service.js';
import { findOpen } from '../rounds/round-store.js';
import { REGISTRY } from '../tokens.js';
import { RoundStepsService } from '../verdicts/round-steps.service.js';
import { addressOf, verifyIncoming, type Incoming } from './incoming.js';

const KINDS: Readonly<Record<string, Incoming['kind']>> = {
  [SUBJECTS.commitSubmitted]: 'commit',
  [SUBJECTS.resultSubmitted]: 'result',
};

/**
 * The one narrow waist: verify, append, move the round on, commit; then receipt, then acknowledge.
 * Whatever crashes in between, the message comes again and finds its work done.
 */
@Injectable()
export class IngestService {
  private readonly taken: Counter<'kind' | 'outcome'>;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly keys: KeyBookService,
    private readonly steps: RoundStepsService,
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
  async take(kind: Incoming['kind'], envelope: Envelope): Promise<Delivery> {
    try {
      const { round, builder } = addressOf(kind, envelope);
      const open = await findOpen(this.dataSource.manager, round);
      if (open === null) return { kind: 'drop', reason: `round ${round} is not known here` };
      const incoming = verifyIncoming(kind, envelope, open);
      const sha256 = envelopeDigest(incoming.envelope);
      const { index, outcome } = await this.dataSource.transaction(async (manager) => {
        await lockLog(manager);
        const existing = await this.log.indexOf(manager, sha256);
        if (existing !== null) return { index: existing, outcome: 'repeated' };
        const appended = await this.append(manager, incoming, { round, builder, open });
        return { index: appended, outcome: 'logged' };
      });
      this.taken.inc({ kind, outcome });
      await this.log.sendReceipt(builder, sha256, index);
      await this.outbox.flush();
      return DONE;
    } catch (error) {
      const isRefusal = error instanceof AttestationError || error instanceof ConsensusError;
      if (!isRefusal) throw error;
      return { kind: 'drop', reason: `${error.code}: ${error.message}` };
    }
  }

  /** Counts a message that was dropped, by the schema or by {@link take}; `pattern` is its subject's. */
  countRefused(pattern: string): void {
    this.taken.inc({ kind: KINDS[pattern] ?? 'unknown', outcome: 'refused' });
  }

  private async append(
    manager: EntityManager,
    incoming: Incoming,
    { round, builder, open }: { round: string; builder: string; open: RoundOpen },
  ): Promise<number> {
    const now = new Date();
    const row = await manager.findOneByOrFail(RoundEntity, { id: round });
    const seat = await manager.findOneByOrFail(RoundBuilderEntity, { round, builder });
    const change =
      incoming.kind === 'commit'
        ? commitChange(row, seat, incoming.commit.commitment)
        : resultChange(row, seat, incoming.envelope, open.blind);
    await this.keys.requireActive(manager, { builder, publicKey: incoming.key }, now);
    const label = { kind: incoming.kind, round, builder } as const;
    const index = await this.log.append(manager, incoming.envelope, incoming.key, label, now);
    const where = incoming.kind === 'commit' ? { commitIndex: index } : { resultIndex: index };
    await manager.update(RoundBuilderEntity, { round, builder }, { ...change, ...where });
    await this.moveOn(manager, round, now);
    return index;
  }

  private async moveOn(manager: EntityManager, round: string, now: Date): Promise<void> {
    try {
      await this.steps.advanceRound(manager, round, now);
    } catch (cause) {
      // What another builder's row holds is not this one's fault: its envelope is kept, not refused.
      throw new Error(`round ${round} cannot move on: ${String(cause)}`, { cause });
    }
  }
}

/** @throws ConsensusError FORBIDDEN_TRANSITION for a second commit */
function commitChange(
  row: RoundEntity,
  seat: RoundBuilderEntity,
  commitment: string,
): Partial<RoundBuilderEntity> {
  if (seat.commitment !== null) {
    // A second try after seeing who else committed would undo the blindness.
    throw new ConsensusError(
      'FORBIDDEN_TRANSITION',
      `builder ${seat.builder} has already committed to something else in this round`,
    );
  }
  return { commitment, isLate: advance(row.phase, 'commit').effect === 'late' };
}

/**
 * @throws ConsensusError FORBIDDEN_TRANSITION before a blind round's close, and for a second result;
 *   AttestationError WRONG_ROUND for one that was not committed to
 */
function resultChange(
  row: RoundEntity,
  seat: RoundBuilderEntity,
  envelope: Envelope,
  isBlind: boolean,
): Partial<RoundBuilderEntity> {
  const { effect } = advance(row.phase, 'reveal', isBlind);
  if (seat.resultSha256 !== null) {
    // A key can sign one statement any number of times, each with other bytes and a leaf of its own.
    throw new ConsensusError(
      'FORBIDDEN_TRANSITION',
      `builder ${seat.builder} has already shown its result in this round`,
    );
  }
  if (seat.commitment !== commitmentOf(envelope)) {
    throw new AttestationError(
      'WRONG_ROUND',
      `the result is not what builder ${seat.builder} committed to`,
    );
  }
  return {
    resultSha256: envelopeDigest(envelope),
    isCounted: effect === 'counts' && !seat.isLate,
  };
}
