import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  News,
  SubscriptionRules,
  wantsNews,
  type DeadLetterList,
  type ReplayAnswer,
  type ReplayNews,
} from '#libs/contracts';
import { NewsCursorEntity, NewsEntity } from '#libs/persistence';
import { NewsClock } from './news-clock.js';
import { lockNews, queueNews, type Queued } from './news-writer.js';
import { NOBODY, readAudiences } from './round-audiences.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Most that is queued by one request; whoever wants more asks from the last one on. */
const MOST_REPLAYED = 1_000;

/** Which dead letters a page is of. */
export interface DeadLetterPage {
  readonly limit: number;
  /** A position; -1 for the first. */
  readonly after: number;
}

/** Tells again what did not arrive. */
@Injectable()
export class ReplaysService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly subscriptions: SubscriptionsService,
    private readonly clock: NewsClock,
  ) {}

  /**
   * Gives one page of what was given up, oldest first; `next` is null at the end.
   *
   * @throws ProblemError no-such-subscription
   */
  async dead(id: string, { limit, after }: DeadLetterPage): Promise<DeadLetterList> {
    await this.subscriptions.find(id);
    const rows = await this.dataSource.manager.query<DeadRow[]>(
      `SELECT dead."position", dead."news", dead."attempts", dead."ended_at" AS "diedAt",
         dead."detail", news."body"
       FROM "news_delivery" dead JOIN "news" ON news."id" = dead."news"
       WHERE dead."subscription" = $1 AND dead."state" = 'dead' AND dead."position" > $2
       ORDER BY dead."position" LIMIT $3`,
      [id, after, limit + 1],
    );
    const letters = rows.slice(0, limit).map(({ position, news, attempts, diedAt, ...row }) => ({
      ...{ position: Number(position), id: news, attempts, diedAt: diedAt.toISOString() },
      ...{ detail: row.detail ?? '', news: News.parse(row.body) },
    }));
    const last = letters.at(-1)?.position;
    return { letters, next: rows.length > limit && last !== undefined ? `${last}` : null };
  }

  /**
   * Queues one piece of news once more, or all since a time that the subscription's rules let through, in
   * their order and behind what waits already. A dead letter that is replayed is one no longer; what still
   * waits is not queued twice. At most 1,000 at a time.
   *
   * @throws ProblemError no-such-subscription
   */
  async replay(id: string, { news, since }: ReplayNews): Promise<ReplayAnswer> {
    const row = await this.subscriptions.find(id);
    const rules = SubscriptionRules.parse(row.rules);
    return this.dataSource.transaction(async (manager) => {
      const cursor = await lockNews(manager);
      const found = await manager
        .createQueryBuilder(NewsEntity, 'news')
        .where(news === undefined ? 'news.at >= :since' : 'news.id = :news', { news, since })
        .andWhere(
          `NOT EXISTS (SELECT 1 FROM "news_delivery" "waiting" WHERE "waiting"."subscription" = :id
             AND "waiting"."news" = news.id AND "waiting"."state" = 'waiting')`,
          { id },
        )
        .orderBy('news.position')
        .take(MOST_REPLAYED)
        .getMany();
      const rounds = [...new Set(found.flatMap(({ round }) => round ?? []))];
      const audiences = await readAudiences(manager, rounds);
      const wanted = found.filter(
        ({ body, round }) =>
          news !== undefined ||
          wantsNews(rules, News.parse(body), audiences.get(round ?? '') ?? NOBODY),
      );
      const queued = wanted.map(({ id: each, thread }, at): Queued => ({
        ...{ subscription: id, position: cursor.nextPosition + at, news: each, thread },
      }));
      await manager.query(
        `DELETE FROM "news_delivery" WHERE "subscription" = $1 AND "state" = 'dead' AND "news" = ANY($2)`,
        [id, queued.map((each) => each.news)],
      );
      await queueNews(manager, queued, this.clock.now());
      const nextPosition = cursor.nextPosition + queued.length;
      await manager.update(NewsCursorEntity, { name: 'log' }, { nextPosition });
      return { queued: queued.length };
    });
  }
}

interface DeadRow {
  readonly position: string;
  readonly news: string;
  readonly attempts: number;
  readonly diedAt: Date;
  readonly detail: string | null;
  readonly body: unknown;
}
