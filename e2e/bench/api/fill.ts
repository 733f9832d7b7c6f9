import type { DataSource } from 'typeorm';

/**
 * Adds rows to the tables beside the log, so that a plan which reads one whole would be the dearer one:
 * what each round leaves there, and news as those that are there.
 */
export async function fillBeside(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    for (const statement of FILLING) await manager.query(statement);
  });
  await dataSource.query('VACUUM ANALYZE');
}

const FILLING = [
  `INSERT INTO "round_ask" ("round", "ask", "choice")
   SELECT "id", '{}', '{}' FROM "round" WHERE "phase" = 'final' ON CONFLICT DO NOTHING`,
  `INSERT INTO "build_log" ("round", "builder", "sha256", "state")
   SELECT "round", "builder", repeat('0', 64), 'missing' FROM "round_builder"
   WHERE "result_index" IS NOT NULL ON CONFLICT DO NOTHING`,
  `INSERT INTO "link" ("round", "builder", "body")
   SELECT "round", "builder", '{}' FROM "round_builder"
   WHERE "builder" LIKE 'bench-%' ON CONFLICT DO NOTHING`,
  `INSERT INTO "log_checkpoint" ("size", "root", "note")
   SELECT size, sha256(size::text::bytea), 'seeded' FROM generate_series(1,
     (SELECT max("size") FROM "log_checkpoint") - 1) size ON CONFLICT DO NOTHING`,
  `INSERT INTO "log_cosignature" ("size", "witness", "line")
   SELECT "size", 'seeded', 'seeded' FROM "log_checkpoint" WHERE "note" = 'seeded'`,
  `INSERT INTO "archived_round" ("round", "bundle_sha256", "place", "archived_at")
   SELECT "id", repeat('0', 64), '2030/' || "id" || '.bundle', "decided_at" FROM "round"
   WHERE "phase" = 'final' ON CONFLICT DO NOTHING`,
  `INSERT INTO "outgoing" ("id", "subjects", "body", "round", "created_at", "sent_at")
   SELECT 'seeded ' || "id", 'seeded', repeat(' ', 1000), "id", now(), now() FROM "round"`,
  `INSERT INTO "news" ("id", "position", "type", "thread", "round", "builder", "at", "body")
   SELECT "id" || ' ' || n, -1000000 + "position" * 1000 + n, "type", "thread", "round", "builder",
     "at" - n * interval '1 hour', "body"
   FROM "news" CROSS JOIN generate_series(1, 500) n`,
  `INSERT INTO "news_delivery" ("subscription", "position", "news", "thread", "state", "queued_at", "ended_at")
   SELECT 'seeded', "position", "id", "thread", 'delivered', "at", "at" FROM "news"`,
];
