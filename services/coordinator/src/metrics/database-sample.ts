import type { DataSource } from 'typeorm';
import type { Sample } from '#libs/platform';
import type { CoordinatorMeters } from './coordinator-meters.js';

const PHASES = ['open', 'revealing', 'final'];

interface Totals {
  readonly overdue: number;
  readonly waiting: number;
  readonly refused: number;
  readonly oldest: number;
  readonly explanations: number;
  readonly archived: number;
  readonly logsDue: number;
  readonly logBytes: number;
  readonly bytes: number;
}

/** What is in the database: rounds, and what waits. All of it is found by indexes. */
export function databaseSample(dataSource: DataSource, meters: CoordinatorMeters): Sample {
  const [rounds, outbox] = [meters.gauge('quorum_rounds'), meters.gauge('quorum_outbox_messages')];
  const gauges = {
    overdue: meters.gauge('quorum_round_overdue_seconds'),
    archived: meters.gauge('quorum_archived_rounds'),
    logsDue: meters.gauge('quorum_build_logs_due'),
    logBytes: meters.gauge('quorum_build_logs_size_bytes'),
    explanations: meters.gauge('quorum_explanations_due'),
    oldest: meters.gauge('quorum_outbox_oldest_age_seconds'),
    bytes: meters.gauge('quorum_database_size_bytes'),
  };
  return {
    name: 'database',
    take: async () => {
      for (const gauge of [rounds, outbox]) gauge.reset();
      for (const gauge of Object.values(gauges)) gauge.remove();
      const { manager } = dataSource;
      const [totals] = await manager.query<Totals[]>(TOTALS);
      const phases = await manager.query<{ phase: string; count: number }[]>(
        `SELECT "phase", count(*)::float8 AS "count" FROM "round" GROUP BY "phase"`,
      );
      if (totals === undefined) return;
      for (const phase of PHASES) {
        const found = phases.find((each) => each.phase === phase);
        rounds.set({ phase }, found?.count ?? 0);
      }
      gauges.overdue.set(totals.overdue);
      gauges.archived.set(totals.archived);
      gauges.logsDue.set(totals.logsDue);
      gauges.logBytes.set(totals.logBytes);
      gauges.explanations.set(totals.explanations);
      outbox.set({ state: 'waiting' }, totals.waiting);
      outbox.set({ state: 'refused' }, totals.refused);
      gauges.oldest.set(totals.oldest);
      gauges.bytes.set(totals.bytes);
    },
  };
}

const TOTALS = `
  SELECT
    (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - "due_at")), 0)::float8
     FROM "round" WHERE "due_at" <= clock_timestamp()) AS "overdue",
    unsent.*,
    (SELECT count(*)::float8 FROM "explanation" WHERE "due_at" <= clock_timestamp()) AS "explanations",
    (SELECT count(*)::float8 FROM "archived_round") AS "archived",
    (SELECT count(*)::float8 FROM "build_log" WHERE "due_at" <= clock_timestamp()) AS "logsDue",
    pg_total_relation_size('build_log')::float8 AS "logBytes",
    pg_database_size(current_database())::float8 AS "bytes"
  FROM (
    SELECT count(*) FILTER (WHERE "refused" IS NULL)::float8 AS "waiting",
      count("refused")::float8 AS "refused",
      coalesce(extract(epoch FROM clock_timestamp() - min("created_at") FILTER (WHERE "refused" IS NULL)), 0)::float8
        AS "oldest"
    FROM "outgoing" WHERE "sent_at" IS NULL) AS unsent`;
