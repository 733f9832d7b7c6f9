import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  roundIdOf,
  roundOpenStatement,
  unverifiedPayload,
  type RoundOpen,
} from '#libs/attestation';
import { SUBJECTS } from '#libs/contracts';
import { RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { AdminActs } from '../access/admin-acts.service.js';
import type { Config } from '../config.js';
import { OutboxService } from '../dispatch/outbox.service.js';
import { urgencyOf } from '../dispatch/urgency.js';
import { LogService } from '../log/log.service.js';
import { CONFIG } from '../tokens.js';
import { toInvited } from '../verdicts/to-invited.js';
import { requireRoom } from './round-room.js';

/** Writes rounds: the log entry, the projection, and a dispatch to everybody who is invited. */
@Injectable()
export class RoundWriterService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly log: LogService,
    private readonly outbox: OutboxService,
    private readonly acts: AdminActs,
  ) {}

  /**
   * Opens a round in the caller's transaction, under the log's lock, and gives its id.
   *
   * @throws ProblemError round-too-large
   */
  async write(manager: EntityManager, asked: RoundOpen, now: Date): Promise<string> {
    await this.acts.catchUp(manager);
    const open: RoundOpen = { ...asked, by: this.acts.actor() };
    const statement = roundOpenStatement(open);
    const roundOpen = this.log.sign(statement);
    const urgency = await urgencyOf(manager, open);
    requireRoom(open, { roundOpen, urgency }, this.config.LOG_ORIGIN);
    const id = roundIdOf(unverifiedPayload(roundOpen));
    const label = { kind: 'round-open', round: id, builder: null } as const;
    const { envelope, index } = await this.log.appendOwn(manager, statement, label, now);
    await manager.insert(RoundEntity, {
      id,
      release: open.release.name,
      proposalId: open.proposal?.id ?? null,
      open,
      phase: 'open',
      openedAt: now,
      dueAt: new Date(open.closesAt),
      openIndex: index,
    });
    for (const { operator, builders } of open.roster) {
      await manager.insert(
        RoundBuilderEntity,
        builders.map(({ builder }) => ({ round: id, builder, operator, invitedAt: now })),
      );
    }
    const body = { roundOpen: envelope, urgency };
    const message = { kind: SUBJECTS.buildRequested, round: id, body };
    await this.outbox.enqueueAll(manager, toInvited(open, message), now);
    return id;
  }
}
