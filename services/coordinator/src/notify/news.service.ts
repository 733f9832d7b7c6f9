import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { newsBetween } from '#libs/contracts';
import { NewsCursorEntity } from '#libs/persistence';
import { LeasedWork } from '../leases/leased-work.js';
import { LeasesService } from '../leases/leases.service.js';
import { ClockNews } from './clock-news.service.js';
import { NewsClock } from './news-clock.js';
import { foundIn, lockNews, writeNews, type Found } from './news-writer.js';
import { readChange, TELLING_KINDS, type TellingKind } from './round-moments.js';

const POLL_MS = 1_000;
const LEASE_MS = 10_000;
/** So that reading a long log from its beginning leaves room for everything else. */
const ENTRIES_AT_A_TIME = 25;
/** How often it is looked at what time alone has brought. */
const CLOCK_MS = 10_000;
const KEEP_DELIVERED_MS = 30 * 86_400_000;

/**
 * Finds out what is new. What follows from the log is read off it by a cursor that moves in the very
 * transaction that writes the news: nothing is missed and nothing told twice, whoever dies when. Any
 * number of coordinators run it, one at a time under a lease, and in any case under the cursor's lock.
 */
@Injectable()
export class NewsService extends LeasedWork {
  private clockAtMs = 0;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: NewsClock,
    private readonly clockNews: ClockNews,
    leases: LeasesService,
  ) {
    super(leases, { lease: 'news', everyMs: POLL_MS, leaseMs: LEASE_MS, failure: 'news wait' });
  }

  /** Reads the next entries of the log; true where there may be more. */
  async readLog(): Promise<boolean> {
    if (!(await isBehind(this.dataSource.manager))) return false;
    return this.dataSource.transaction(async (manager) => {
      const cursor = await lockNews(manager);
      const entries = await tellingEntries(manager, cursor.nextIndex);
      const found: Found[] = [];
      for (const { round, kind, index } of entries.rows) {
        found.push(...(await this.changesOf(manager, round, kind, index)));
      }
      const now = this.clock.now();
      const nextPosition = await writeNews(manager, found, cursor.nextPosition, now);
      if (entries.nextIndex !== cursor.nextIndex) {
        await keepCursor(manager, { nextIndex: entries.nextIndex, nextPosition });
      }
      return entries.isMore;
    });
  }

  /** Looks at what is new because time has passed. */
  async readClock(): Promise<void> {
    const found = await this.clockNews.find(this.clock.now());
    if (found.length === 0) return;
    await this.dataSource.transaction(async (manager) => {
      const { nextIndex, nextPosition } = await lockNews(manager);
      const after = await writeNews(manager, found, nextPosition, this.clock.now());
      if (after !== nextPosition) await keepCursor(manager, { nextIndex, nextPosition: after });
    });
  }

  protected override async work(): Promise<void> {
    const isMore = await this.readLog();
    const now = this.clock.now().getTime();
    // What the clock says of rounds comes after what the log says of them.
    if (isMore || now - this.clockAtMs < CLOCK_MS) return;
    this.clockAtMs = now;
    await this.readClock();
    await this.dataSource.query(
      `DELETE FROM "news_delivery" WHERE "state" = 'delivered' AND "ended_at" < $1`,
      [new Date(now - KEEP_DELIVERED_MS)],
    );
  }

  private async changesOf(
    manager: EntityManager,
    round: string,
    kind: TellingKind,
    index: number,
  ): Promise<readonly Found[]> {
    try {
      const change = await readChange(manager, round, kind);
      if (change === null) return [];
      return foundIn(change.after.facts, newsBetween(change.before, change.after));
    } catch (error) {
      // What cannot be read now cannot be read later: it must not hold up everything after it. Where the
      // database itself is away, the transaction does not come to its end either.
      this.logger.error(`leaf ${index} is told to nobody: ${String(error)}`);
      return [];
    }
  }
}

/** Looked at without a lock, which would be a write: each makes kept pages old. */
async function isBehind(manager: EntityManager): Promise<boolean> {
  const [cursor] = await manager.query<{ isBehind: boolean }[]>(
    `SELECT "next_index" <= coalesce((SELECT max("index") FROM "log_entry"), -1) AS "isBehind"
     FROM "news_cursor" WHERE "name" = 'log'`,
  );
  return cursor?.isBehind ?? true;
}

interface Telling {
  readonly index: number;
  readonly kind: TellingKind;
  readonly round: string;
}

/** Leaves of some kinds between two indices. */
export const TELLING = `SELECT "index", "kind", "round" FROM "log_entry"
     WHERE "index" >= $1 AND "index" < $2 AND "kind" = ANY($3) AND "round" IS NOT NULL
     ORDER BY "index" LIMIT $4`;

/** Leaves are committed in the order of their indices, so none appears below one that was seen. */
async function tellingEntries(
  manager: EntityManager,
  from: number,
): Promise<{ rows: readonly Telling[]; nextIndex: number; isMore: boolean }> {
  const [size] = await manager.query<{ next: string }[]>(
    'SELECT coalesce(max("index") + 1, 0) AS "next" FROM "log_entry"',
  );
  const end = Math.max(Number(size?.next ?? 0), from);
  if (end === from) return { rows: [], nextIndex: from, isMore: false };
  const raw = await manager.query<(Omit<Telling, 'index'> & { index: string })[]>(TELLING, [
    from,
    end,
    [...TELLING_KINDS],
    ENTRIES_AT_A_TIME,
  ]);
  const rows = raw.map((row) => ({ ...row, index: Number(row.index) }));
  const isMore = rows.length === ENTRIES_AT_A_TIME;
  return { rows, nextIndex: isMore ? (rows.at(-1)?.index ?? end) + 1 : end, isMore };
}

async function keepCursor(
  manager: EntityManager,
  cursor: Pick<NewsCursorEntity, 'nextIndex' | 'nextPosition'>,
): Promise<void> {
  await manager.update(NewsCursorEntity, { name: 'log' }, cursor);
}
