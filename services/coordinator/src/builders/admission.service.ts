import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { newestKeys, parseEnvelope } from '#libs/attestation';
import type { ApproveBuilder, BuilderStatus, Ordered } from '#libs/contracts';
import { BuilderEntity, lockLog } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { AdminActs } from '../access/admin-acts.service.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { KeyWriterService } from '../keys/key-writer.service.js';
import { readOffered } from '../keys/offered-record.js';
import { LogService } from '../log/log.service.js';
import { WitnessKeysService } from '../witness/witness-keys.service.js';
import { forbiddenEvent, noSuchBuilder } from './builder-problems.js';
import { statusAfter } from './builder-status.js';
import { NatsAccountsService } from './nats-accounts.service.js';
import { lockRegistry } from './registry-lock.js';

/** How an approval came about. */
export interface Approval {
  /** Id of the invite that it came by; null where somebody with a token approved. */
  readonly invite: string | null;
  readonly now: Date;
}

/** Lets builders in. */
@Injectable()
export class AdmissionService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly book: KeyBookService,
    private readonly keys: KeyWriterService,
    private readonly acts: AdminActs,
    private readonly log: LogService,
    private readonly accounts: NatsAccountsService,
    private readonly witnessKeys: WitnessKeysService,
  ) {}

  /**
   * Approves a builder that asked: logs its keys, records the act, and lets it in to NATS. Done again
   * it changes nothing. A crash before the commit leaves all of it undone; what NATS was not told
   * after it, any coordinator tells it later.
   *
   * @throws ProblemError no-such-builder, builder-status, application-changed, and what a key record
   *   is refused with
   */
  async admit(builder: string, seen: ApproveBuilder): Promise<Ordered> {
    return this.change(async (manager) => {
      const row = await find(manager, builder);
      requireSeen(row, seen);
      const before = row.status;
      const status = await this.approve(manager, builder, { invite: null, now: new Date() });
      return { builder, status, isChanged: status !== before };
    });
  }

  /** Changes the registry under its locks; then publishes what was logged, and tells NATS. */
  async change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      await lockRegistry(manager);
      return work(manager);
    });
    this.witnessKeys.wake();
    await Promise.all([this.log.publish(), this.accounts.settle()]);
    return result;
  }

  /** Approves in a transaction that {@link change} began. */
  async approve(
    manager: EntityManager,
    builder: string,
    { invite, now }: Approval,
  ): Promise<BuilderStatus> {
    const row = await find(manager, builder);
    const status = statusAfter(row.status, 'approve');
    if (status === null) throw forbiddenEvent(builder, row.status, 'approve');
    if (status === row.status) return status;
    if (newestKeys(await this.book.read(manager), builder) === null) {
      await this.keys.append(manager, readOffered(parseEnvelope(row.enrolment)), 'group', now);
    }
    const approvedAt = now;
    await manager.update(
      BuilderEntity,
      { id: builder },
      { status, approvedAt, statusReason: null, statusBy: 'group', isNatsDue: true },
    );
    await this.acts.record(manager, {
      act: 'builder-approve',
      subject: `builder/${builder}`,
      detail: { operator: row.operator, tags: row.tags, ...(invite !== null && { invite }) },
    });
    return status;
  }
}

async function find(manager: EntityManager, id: string): Promise<BuilderEntity> {
  const row = await manager.findOneBy(BuilderEntity, { id });
  if (row === null) throw noSuchBuilder(id);
  return row;
}

/** What is approved is what was shown: a builder may send another application in between. */
function requireSeen({ id, appliedAt, operator }: BuilderEntity, seen: ApproveBuilder): void {
  const isSeen =
    (seen.appliedAt ?? appliedAt.toISOString()) === appliedAt.toISOString() &&
    (seen.operator ?? operator) === operator;
  if (isSeen) return;
  throw new ProblemError(
    HttpStatus.CONFLICT,
    'application-changed',
    `builder ${id} sent another application meanwhile: look at it again`,
  );
}
