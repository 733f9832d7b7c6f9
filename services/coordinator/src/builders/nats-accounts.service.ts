import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, Not, type DataSource, type EntityManager } from 'typeorm';
import { newestKeys, type KeyHistory } from '#libs/attestation';
import type { KnownBuilder } from '#libs/nats-authority';
import { BuilderEntity } from '#libs/persistence';
import { Ticker } from '#libs/platform';
import type { Config } from '../config.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { CONFIG, NATS_ACCOUNTS } from '../tokens.js';
import { isServing } from './builder-status.js';
import type { NatsAccounts } from '../nats/nats-link.js';
import { lockRegistry } from './registry-lock.js';
import { readRosterFile } from './roster-file.js';

/** How soon NATS is told what it could not be told at once, by whichever coordinator. */
const SETTLE_MS = 1_000;
/** How soon servers that lost their accounts get them back. */
const ENSURE_MS = 300_000;
const MAX_BATCH = 64;

/** Has NATS know who may come in, and who may not any more. Without accounts it does nothing. */
@Injectable()
export class NatsAccountsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(NatsAccountsService.name);
  private readonly settling = this.ticker(SETTLE_MS, () => this.settleDue());
  private readonly ensuring = this.ticker(ENSURE_MS, () => this.ensureAll());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(NATS_ACCOUNTS) private readonly accounts: NatsAccounts | null,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly book: KeyBookService,
  ) {}

  onApplicationBootstrap(): void {
    if (this.accounts === null) return;
    this.ensuring.start();
    this.settling.start();
    void this.followReconnects(this.accounts.connection);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.settling.stop(), this.ensuring.stop()]);
  }

  /**
   * Tells NATS what changed, and resolves once it was told, or could not be: then it is told later.
   * Who is revoked is cut off by then.
   */
  async settle(): Promise<void> {
    if (this.accounts !== null) await this.settling.wake();
  }

  /** A server that was away may have come back empty, and builders stand before its door. */
  private async followReconnects(connection: NatsAccounts['connection']): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'reconnect') void this.ensuring.wake();
    }
  }

  private ticker(everyMs: number, task: () => Promise<void>): Ticker {
    const onError = (error: unknown): void => {
      this.logger.warn(`NATS is not told who may come in: ${String(error)}`);
    };
    return new Ticker(task, { everyMs, onError });
  }

  private async settleDue(): Promise<void> {
    for (;;) {
      const told = await this.dataSource.transaction((manager) => this.settleBatch(manager));
      if (told < MAX_BATCH) return;
    }
  }

  /** Under the rows' locks: nobody's word of before comes after the word of now. */
  private async settleBatch(manager: EntityManager): Promise<number> {
    const rows = await manager.find(BuilderEntity, {
      where: { isNatsDue: true },
      order: { id: 'ASC' },
      take: MAX_BATCH,
      lock: { mode: 'pessimistic_write' },
    });
    const { directory } = this.accounts ?? {};
    if (rows.length === 0 || directory === undefined) return 0;
    const history = await this.book.read(manager);
    const known = rows.map((row) => knownOf(row, history));
    await Promise.all(
      known.map((each) =>
        each.isCutOff ? directory.cutOff(each.builder) : directory.admitBuilder(each),
      ),
    );
    const ids = rows.map(({ id }) => id);
    await manager.query('UPDATE "builder" SET "is_nats_due" = false WHERE "id" = ANY($1)', [ids]);
    return rows.length;
  }

  /** Under the registry's lock: nobody is revoked between what is read here and what is pushed. */
  private async ensureAll(): Promise<void> {
    const { directory } = this.accounts ?? {};
    if (directory === undefined) return;
    const pushed = await this.dataSource.transaction(async (manager) => {
      await lockRegistry(manager);
      const history = await this.book.read(manager);
      const rows = await manager.findBy(BuilderEntity, { approvedAt: Not(IsNull()) });
      const registered = rows.map((row) => knownOf(row, history));
      const listed = await this.listedOnly(history, new Set(rows.map(({ id }) => id)));
      return (await directory.ensureAccounts([...registered, ...listed])).pushed;
    });
    if (pushed > 0) this.logger.log(`NATS was told of ${pushed} accounts that it did not have`);
  }

  /** Builders of the roster file that are not in the registry come in by the keys that are logged. */
  private async listedOnly(
    history: KeyHistory,
    registered: ReadonlySet<string>,
  ): Promise<readonly KnownBuilder[]> {
    const roster = await readRosterFile(this.config.ROSTER_FILE);
    return roster
      .flatMap(({ builders }) => builders)
      .filter(({ builder }) => !registered.has(builder))
      .flatMap(({ builder }) => {
        const life = newestKeys(history, builder);
        if (life === null) return [];
        const isCutOff = life.revocations.length > 0;
        return [{ builder, natsPublicKey: life.keys.nats, isCutOff }];
      });
  }
}

/** The three keys of a builder end together: whose key was revoked does not come in either. */
function knownOf({ id, status, natsPublicKey }: BuilderEntity, history: KeyHistory): KnownBuilder {
  const life = newestKeys(history, id);
  const isRevoked = life !== null && life.revocations.length > 0;
  return { builder: id, natsPublicKey, isCutOff: !isServing(status) || isRevoked };
}
