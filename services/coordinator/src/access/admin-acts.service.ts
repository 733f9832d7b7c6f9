import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { adminActStatement, type Actor, type AdminAct, type Signer } from '#libs/attestation';
import type { AuditList } from '#libs/contracts';
import { ConsoleActEntity, lockLog, LogEntryEntity, readBodies } from '#libs/persistence';
import { LogService } from '../log/log.service.js';
import { SIGNER } from '../tokens.js';
import { ACT_KINDS, actsIn } from './logged-acts.js';
import { currentActor } from './actor.js';

const LABEL = { kind: 'admin-act', round: null, builder: null } as const;
const CONSOLE: Actor = { kind: 'console', id: 'database' };

/** What is done, to what; by whom and when is added. */
export interface RecordedAct {
  readonly act: AdminAct['act'];
  readonly subject: string;
  readonly detail: AdminAct['detail'];
}

/** Logs what people with the right to it have the coordinator do. */
@Injectable()
export class AdminActs {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SIGNER) private readonly signer: Signer,
    private readonly log: LogService,
  ) {}

  /** Who does what is being done: whoever asked for it, else the coordinator by its own rules. */
  actor(): Actor {
    return currentActor() ?? { kind: 'coordinator', id: this.signer.id };
  }

  /**
   * Logs an act in the caller's transaction, with the actor of the request; outside of one it is the
   * coordinator's own. What the console did meanwhile goes first. Takes the log's lock, which the caller
   * holds already where it decided by the log; after the commit the caller publishes the log.
   */
  async record(
    manager: EntityManager,
    { act, subject, detail }: RecordedAct,
    actor: Actor = this.actor(),
  ): Promise<void> {
    await this.catchUp(manager);
    const at = new Date();
    await this.append(manager, [{ act, actor, subject, detail, at: at.toISOString() }], at);
  }

  /**
   * Logs what the console did and nobody has logged. Whatever says itself who had it done, such as a
   * RoundOpen, needs no more: nothing that a token of the console does comes before its making.
   */
  async catchUp(manager: EntityManager): Promise<void> {
    await lockLog(manager);
    const waiting = await manager.find(ConsoleActEntity, { order: { at: 'ASC', id: 'ASC' } });
    if (waiting.length === 0) return;
    const acts = waiting.map(({ act, subject, detail, at }) => {
      return { act, actor: CONSOLE, subject, detail, at: at.toISOString() };
    });
    await this.append(manager, acts, new Date());
    await manager.delete(
      ConsoleActEntity,
      waiting.map(({ id }) => id),
    );
  }

  /** Gives one page of acts in log order; `next` is null at the end. */
  async list(after: number, limit: number): Promise<AuditList> {
    const { manager } = this.dataSource;
    const rows = await manager
      .createQueryBuilder(LogEntryEntity, 'entry')
      .select(['entry.index', 'entry.entry', 'entry.envelopeSha256', 'entry.kind', 'entry.round'])
      .where(`entry.kind = ANY (ARRAY['${ACT_KINDS.join(`', '`)}'])`)
      .andWhere('entry.index > :after', { after })
      .orderBy('entry.index')
      .limit(limit + 1)
      .getMany();
    const page = rows.slice(0, limit);
    const bodies = await readBodies(
      manager,
      page.map(({ envelopeSha256 }) => envelopeSha256),
    );
    const acts = page.flatMap((row) => actsIn(row, bodies.get(row.envelopeSha256)));
    return { acts, next: rows.length > limit ? (page.at(-1)?.index ?? null) : null };
  }

  private async append(
    manager: EntityManager,
    acts: readonly AdminAct[],
    now: Date,
  ): Promise<void> {
    const own = acts.map((act) => ({ statement: adminActStatement(act), label: LABEL }));
    await this.log.appendAllOwn(manager, own, now);
  }
}
