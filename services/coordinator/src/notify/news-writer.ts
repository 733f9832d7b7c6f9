import type { EntityManager } from 'typeorm';
import {
  audienceOf,
  type News,
  newsIdOf,
  SubscriptionRules,
  threadOf,
  wantsNews,
  type NewsAudience,
  type RoundFacts,
} from '#libs/contracts';
import { NewsCursorEntity, NewsSubscriptionEntity } from '#libs/persistence';

/** News, and whom they concern. */
export interface Found {
  readonly news: News;
  readonly audience: NewsAudience;
}

/** A message that is to be queued for one subscriber. */
export interface Queued {
  readonly subscription: string;
  readonly position: number;
  readonly news: string;
  readonly thread: string;
}

/** Pairs what was found of one round with those whom it concerns. */
export function foundIn(facts: RoundFacts, news: readonly News[]): readonly Found[] {
  const audience = audienceOf(facts);
  return news.map((each) => ({ news: each, audience }));
}

/**
 * Takes the lock under which news are written and queued, until the transaction ends: so they have one
 * order, and nothing falls between a subscription and the news after it.
 */
export async function lockNews(manager: EntityManager): Promise<NewsCursorEntity> {
  // The log is read from its beginning once: there are no subscribers yet, only feeds tell of it.
  await manager.query(
    `INSERT INTO "news_cursor" ("name", "next_index", "next_position") VALUES ('log', 0, 0) ON CONFLICT DO NOTHING`,
  );
  const cursor = await manager.findOneOrFail(NewsCursorEntity, {
    where: { name: 'log' },
    lock: { mode: 'pessimistic_write' },
  });
  return cursor;
}

/**
 * Writes what is not written yet, and queues it for everybody who wants it. Under the lock of
 * {@link lockNews}; gives the cursor's next position.
 */
export async function writeNews(
  manager: EntityManager,
  found: readonly Found[],
  first: number,
  now: Date,
): Promise<number> {
  if (found.length === 0) return first;
  const subscriptions = await manager.findBy(NewsSubscriptionEntity, {});
  const active = subscriptions.filter(({ disabledAt }) => disabledAt === null);
  const queued: Queued[] = [];
  let position = first;
  for (const { news, audience } of found) {
    if (!(await insertNews(manager, news, position))) continue;
    const at = Date.parse(news.timestamp);
    for (const { id, rules, madeAt } of active) {
      if (at < madeAt.getTime() || !wantsNews(SubscriptionRules.parse(rules), news, audience))
        continue;
      queued.push({ subscription: id, position, news: newsIdOf(news), thread: threadOf(news) });
    }
    position += 1;
  }
  await queueNews(manager, queued, now);
  return position;
}

/** Queues messages; they are due at once. */
export async function queueNews(
  manager: EntityManager,
  queued: readonly Queued[],
  now: Date,
): Promise<void> {
  if (queued.length === 0) return;
  await manager.query(
    `INSERT INTO "news_delivery"
       ("subscription", "position", "news", "thread", "state", "queued_at", "due_at")
     SELECT "subscription", "position", "news", "thread", 'waiting', $1, $1
     FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[])
       AS queued("subscription", "position", "news", "thread")`,
    [
      now,
      queued.map(({ subscription }) => subscription),
      queued.map(({ position }) => position),
      queued.map(({ news }) => news),
      queued.map(({ thread }) => thread),
    ],
  );
}

async function insertNews(manager: EntityManager, news: News, position: number): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `INSERT INTO "news" ("id", "position", "type", "thread", "round", "builder", "at", "body")
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ("id") DO NOTHING RETURNING "id"`,
    [
      ...[newsIdOf(news), position, news.type, threadOf(news), news.data.round],
      ...['builder' in news.data ? news.data.builder : null, news.timestamp, JSON.stringify(news)],
    ],
  );
  return rows.length > 0;
}
