import type { DataSource } from 'typeorm';
import type { Sample } from '#libs/platform';
import type { CoordinatorMeters } from '../metrics/coordinator-meters.js';

interface Totals {
  readonly waiting: number;
  readonly dead: number;
  readonly oldest: number;
  readonly disabled: number;
}

/** What is on its way to subscribers. All of it is found by indexes. */
export function newsSample(dataSource: DataSource, meters: CoordinatorMeters): Sample {
  const messages = meters.gauge('quorum_news_messages');
  const oldest = meters.gauge('quorum_news_oldest_age_seconds');
  const disabled = meters.gauge('quorum_news_subscriptions_disabled');
  return {
    name: 'news',
    take: async () => {
      messages.reset();
      for (const gauge of [oldest, disabled]) gauge.remove();
      const [totals] = await dataSource.query<Totals[]>(TOTALS);
      if (totals === undefined) return;
      messages.set({ state: 'waiting' }, totals.waiting);
      messages.set({ state: 'dead' }, totals.dead);
      oldest.set(totals.oldest);
      disabled.set(totals.disabled);
    },
  };
}

const TOTALS = `
  SELECT waiting.*,
    (SELECT count(*)::float8 FROM "news_delivery" WHERE "state" = 'dead') AS "dead",
    (SELECT count(*)::float8 FROM "news_subscription" WHERE "disabled_at" IS NOT NULL) AS "disabled"
  FROM (
    SELECT count(*)::float8 AS "waiting",
      coalesce(extract(epoch FROM clock_timestamp() - min("queued_at")), 0)::float8 AS "oldest"
    FROM "news_delivery" WHERE "state" = 'waiting') AS waiting`;
