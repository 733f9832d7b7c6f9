import type { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeEntries, useDataSource } from '#libs/testing';
import { appendToLog, lockLog } from './index.js';
import { readProvable } from './leaf-receipts.js';

/** So often a connection plans a prepared statement by what it is given; from then on it keeps a plan. */
const PLANNED_EACH_TIME = 5;
const LEAVES = 400;

const dataSource = useDataSource();

/** What of each table the transaction has read from end to end: no column of statistics, which lag. */
async function readWhole(manager: EntityManager): Promise<Readonly<Record<string, number>>> {
  const rows = await manager.query<{ table: string; rows: string }[]>(
    `SELECT "relname" AS "table", "seq_tup_read" AS "rows" FROM "pg_stat_xact_user_tables"`,
  );
  return Object.fromEntries(rows.map(({ table, rows: read }) => [table, Number(read)]));
}

describe('tables that grew since the server counted them', () => {
  beforeAll(async () => {
    await dataSource().query('ALTER TABLE "log_node" SET (autovacuum_enabled = off)');
    await dataSource().query('ALTER TABLE "log_entry" SET (autovacuum_enabled = off)');
  });

  test('are read by key where leaves are appended and proven', async () => {
    const read = await dataSource().transaction(async (manager) => {
      await lockLog(manager);
      for (let batch = 0; batch <= PLANNED_EACH_TIME; batch += 1) {
        const indices = await appendToLog(manager, makeEntries(LEAVES), new Date());
        await readProvable(manager, indices, LEAVES * (batch + 1));
      }
      return readWhole(manager);
    });
    expect(read).toMatchObject({ log_node: 0, log_entry: 0 });
  });

  test('are read by key without the lock, too', async () => {
    const { size, read } = await dataSource().transaction(async (manager) => {
      const [{ count } = { count: '0' }] = await manager.query<{ count: string }[]>(
        'SELECT count(*) FROM "log_entry"',
      );
      const before = await readWhole(manager);
      const indices = Array.from({ length: LEAVES }, (_, at) => at * 2);
      for (let time = 0; time <= PLANNED_EACH_TIME; time += 1) {
        await readProvable(manager, indices, Number(count));
      }
      const after = await readWhole(manager);
      const gain = (table: string) => (after[table] ?? 0) - (before[table] ?? 0);
      return {
        size: Number(count),
        read: { log_node: gain('log_node'), log_entry: gain('log_entry') },
      };
    });
    expect(size).toBeGreaterThan(LEAVES * PLANNED_EACH_TIME);
    expect(read).toEqual({ log_node: 0, log_entry: 0 });
  });

  test('are read by key for whoever holds the lock, and by plan again for who comes next', async () => {
    const planner = async (manager: EntityManager) => {
      const names = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'];
      const rows = await manager.query<{ value: string }[]>(
        'SELECT current_setting(name) AS "value" FROM unnest($1::text[]) AS name',
        [names],
      );
      return rows.map(({ value }) => value);
    };
    const runner = dataSource().createQueryRunner();
    try {
      await runner.startTransaction();
      await lockLog(runner.manager);
      expect(await planner(runner.manager)).toEqual(['off', 'off', 'off']);
      await runner.commitTransaction();
      expect(await planner(runner.manager)).toEqual(['on', 'on', 'on']);
    } finally {
      await runner.release();
    }
  });
});
