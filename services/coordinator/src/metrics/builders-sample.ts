import type { DataSource } from 'typeorm';
import type { Sample } from '#libs/platform';
import type { CoordinatorMeters } from './coordinator-meters.js';

/** More would be series without a bound; a group has tens. */
const MAX_BUILDERS = 500;
const STATUSES = ['applied', 'active', 'paused', 'draining', 'retired', 'revoked'];

/** Who is in the registry, and when each of those who may be asked was heard of. */
export function buildersSample({ manager }: DataSource, meters: CoordinatorMeters): Sample {
  const builders = meters.gauge('quorum_builders');
  const lastSeen = meters.gauge('quorum_builder_last_seen_timestamp_seconds');
  return {
    name: 'builders',
    take: async () => {
      builders.reset();
      lastSeen.reset();
      const counts = await manager.query<{ status: string; count: number }[]>(
        `SELECT "status", count(*)::float8 AS "count" FROM "builder" GROUP BY "status"`,
      );
      const seen = await manager.query<{ id: string; at: number }[]>(
        `SELECT "id", extract(epoch FROM "last_seen_at")::float8 AS "at" FROM "builder"
         WHERE "status" IN ('active', 'paused', 'draining') AND "last_seen_at" IS NOT NULL
         ORDER BY "last_seen_at" DESC LIMIT ${MAX_BUILDERS}`,
      );
      for (const status of STATUSES) {
        const found = counts.find((each) => each.status === status);
        builders.set({ status }, found?.count ?? 0);
      }
      for (const { id, at } of seen) lastSeen.set({ builder: id }, at);
    },
  };
}
