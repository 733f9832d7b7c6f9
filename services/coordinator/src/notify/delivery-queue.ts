import type { DataSource } from 'typeorm';
import { News } from '#libs/contracts';
import type { Recipient } from './message-sender.service.js';

/** One message that was taken up, and how often it was tried, this time included. */
export interface Claimed {
  readonly to: Recipient;
  readonly position: number;
  readonly attempts: number;
  readonly id: string;
  readonly news: News;
}

/** Until somebody else takes it up, should this process die: longer than any try takes. */
const CLAIM_MS = 120_000;
const LOOKED_AT = 64;

interface Row extends Recipient {
  readonly position: string;
  readonly attempts: number;
  readonly news: string;
  readonly body: unknown;
}

/** What is due at a time, but for some subscribers: of each thread the first that waits, alone. */
export const DUE = `SELECT due."subscription" AS "id", due."position", due."attempts", due."news",
         who."channel", who."target", who."secret_check" AS "secretCheck", news."body"
       FROM "news_delivery" due
       JOIN "news_subscription" who ON who."id" = due."subscription" AND who."disabled_at" IS NULL
       JOIN "news" ON news."id" = due."news"
       WHERE due."state" = 'waiting' AND due."due_at" <= $1 AND due."subscription" <> ALL($2)
         AND NOT EXISTS (
           SELECT 1 FROM "news_delivery" earlier
           WHERE earlier."state" = 'waiting' AND earlier."subscription" = due."subscription"
             AND earlier."thread" = due."thread" AND earlier."position" < due."position")
       ORDER BY due."due_at", due."position" LIMIT ${LOOKED_AT}
       FOR UPDATE OF due SKIP LOCKED`;

/** Which messages to take up. */
export interface ClaimRequest {
  readonly now: Date;
  readonly most: number;
  /** Subscribers that are being told something: each is told one thing at a time. */
  readonly busy: readonly string[];
}

/**
 * Takes up messages that are due, at most one of each subscriber, and of each thread the first alone: what
 * comes after it waits until it has arrived or was given up. Their time is put off meanwhile, so that
 * another process takes them up if this one dies.
 */
export async function claimDue(
  dataSource: DataSource,
  { now, most, busy }: ClaimRequest,
): Promise<readonly Claimed[]> {
  return dataSource.transaction(async (manager) => {
    const rows = await manager.query<Row[]>(DUE, [now, busy]);
    const taken = [...new Map(rows.toReversed().map((row) => [row.id, row])).values()];
    const claimed = taken.slice(0, most);
    await manager.query(
      `UPDATE "news_delivery" AS row SET "attempts" = row."attempts" + 1, "due_at" = $1
       FROM unnest($2::text[], $3::bigint[]) AS taken("subscription", "position")
       WHERE row."subscription" = taken."subscription" AND row."position" = taken."position"`,
      [
        new Date(now.getTime() + CLAIM_MS),
        claimed.map(({ id }) => id),
        claimed.map(({ position }) => position),
      ],
    );
    return claimed.map(({ id, channel, target, secretCheck, position, attempts, news, body }) => ({
      to: { id, channel, target, secretCheck },
      ...{ position: Number(position), attempts: attempts + 1, id: news, news: News.parse(body) },
    }));
  });
}

/** Notes that a message arrived, whoever took it up meanwhile: it is never sent again. */
export async function noteDelivered(
  dataSource: DataSource,
  { to, position }: Claimed,
  detail: string,
  now: Date,
): Promise<void> {
  await dataSource.query(
    `UPDATE "news_delivery" SET "state" = 'delivered', "due_at" = NULL, "ended_at" = $3, "detail" = $4
     WHERE "subscription" = $1 AND "position" = $2 AND "state" = 'waiting'`,
    [to.id, position, now, detail],
  );
}

/** Notes that a try came to nothing: when the next one is, or that there is none. */
export async function noteFailed(
  dataSource: DataSource,
  { to, position, attempts }: Claimed,
  detail: string,
  next: { readonly at: Date | null; readonly now: Date },
): Promise<void> {
  await dataSource.query(
    `UPDATE "news_delivery" SET "detail" = $4, "due_at" = $5,
       "state" = CASE WHEN $5::timestamptz IS NULL THEN 'dead' ELSE 'waiting' END,
       "ended_at" = CASE WHEN $5::timestamptz IS NULL THEN $6::timestamptz END
     WHERE "subscription" = $1 AND "position" = $2 AND "attempts" = $3 AND "state" = 'waiting'`,
    [to.id, position, attempts, detail, next.at, next.now],
  );
}

/** Ends a subscription that nothing is wanted of any more; what waited for it is given up. */
export async function disable(
  dataSource: DataSource,
  subscription: string,
  because: string,
  now: Date,
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(
      `UPDATE "news_subscription" SET "disabled_at" = $2, "disabled_because" = $3
       WHERE "id" = $1 AND "disabled_at" IS NULL`,
      [subscription, now, because],
    );
    await manager.query(
      `UPDATE "news_delivery" SET "state" = 'dead', "due_at" = NULL, "ended_at" = $2, "detail" = $3
       WHERE "subscription" = $1 AND "state" = 'waiting'`,
      [subscription, now, because],
    );
  });
}
