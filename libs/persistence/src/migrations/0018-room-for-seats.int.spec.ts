import { expect, test } from 'vitest';
import { useDataSource } from '#libs/testing';

const SEATS = 1000;

const dataSource = useDataSource();

test('a seat that changes stays in its page, and its indexes are left alone', async () => {
  const changed = await dataSource().transaction(async (manager) => {
    await manager.query(
      `INSERT INTO "round_builder" ("round", "builder", "operator")
       SELECT repeat('a', 64), repeat('c', 60) || at, 'operator ' || at FROM generate_series(1, $1::int) AS at`,
      [SEATS],
    );
    await manager.query(
      `UPDATE "round_builder" SET "commitment" = repeat('b', 64), "commit_index" = 1`,
    );
    const [row] = await manager.query<{ count: string }[]>(
      `SELECT "n_tup_hot_upd" AS "count" FROM "pg_stat_xact_user_tables"
       WHERE "relname" = 'round_builder'`,
    );
    return Number(row?.count);
  });
  // The last page is still being filled.
  expect(changed).toBeGreaterThan(SEATS * 0.75);
});
