import type { EntityManager } from 'typeorm';
import { SubscriptionRules, type NewsChannel, type SubscriptionView } from '#libs/contracts';
import type { NewsSubscriptionEntity } from '#libs/persistence';
import { shownTarget } from './check-target.js';

interface Counts {
  readonly subscription: string;
  readonly state: string;
  readonly count: number;
}

/** Shows subscriptions without what would let somebody send in their name. */
export async function viewsOf(
  manager: EntityManager,
  rows: readonly NewsSubscriptionEntity[],
): Promise<readonly SubscriptionView[]> {
  const counts = await manager.query<Counts[]>(
    `SELECT "subscription", "state", count(*)::float8 AS "count" FROM "news_delivery"
     WHERE "subscription" = ANY($1) AND "state" IN ('waiting', 'dead')
     GROUP BY "subscription", "state"`,
    [rows.map(({ id }) => id)],
  );
  return rows.map((row) => {
    const { id, channel, target, label, rules, madeAt, disabledAt, disabledBecause } = row;
    const countOf = (state: string): number =>
      counts.find((each) => each.subscription === id && each.state === state)?.count ?? 0;
    return {
      ...{ id, channel: channel as NewsChannel, label, rules: SubscriptionRules.parse(rules) },
      target: shownTarget(channel, target),
      madeAt: madeAt.toISOString(),
      disabledAt: disabledAt?.toISOString() ?? null,
      disabledBecause,
      ...{ waiting: countOf('waiting'), dead: countOf('dead') },
    };
  });
}
