import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, createDatabase, useDataSource, type TestDatabase } from '#libs/testing';
import { grantService, migrate } from './index.js';
import { migrations } from './migrations/index.js';

const dataSource = useDataSource();

async function differences(source: DataSource): Promise<string[]> {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

async function tables(source: DataSource): Promise<string[]> {
  const rows = await source.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'
     UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

describe('migrations', () => {
  let database: TestDatabase;
  let sources: readonly DataSource[];
  beforeAll(async () => {
    database = await createDatabase();
    sources = await Promise.all([1, 2, 3].map(() => connectDatabase(database.url)));
  });
  afterAll(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    await database.drop();
  });

  test('describe the same schema as the entities', async () => {
    expect(await differences(dataSource())).toEqual([]);
  });

  test('run once when three replicas start at the same time', async () => {
    await Promise.all(sources.map((source) => migrate(source)));
    const ran = await sources[0]!.query<{ name: string }[]>('SELECT "name" FROM "migrations"');
    expect(ran).toHaveLength(migrations.length);
    expect(await differences(sources[0]!)).toEqual([]);
  });

  test('go down to nothing and up again to the same schema', async () => {
    const [source] = sources;
    const before = await tables(source!);
    for (let left = migrations.length; left > 0; left -= 1) {
      await source!.undoLastMigration({ transaction: 'all' });
    }
    expect(await tables(source!)).toEqual(['migrations']);
    await migrate(source!);
    expect(await tables(source!)).toEqual(before);
    expect(await differences(source!)).toEqual([]);
  });

  test('are nothing to do the second time', async () => {
    await migrate(sources[1]!);
    expect(await sources[1]!.showMigrations()).toBe(false);
  });
});

describe('the database refuses to change evidence', () => {
  const evidence = [
    {
      table: 'proposal',
      insert: `("id", "title", "url", "decision", "evidence", "archived_at")
               VALUES ('1', 'title', '', '{}', '', now())`,
      column: 'title',
    },
    {
      table: 'envelope',
      insert: `("sha256", "body", "received_at") VALUES ('aa', '{}', now())`,
      column: 'body',
    },
    {
      table: 'log_entry',
      insert: `("index", "entry", "leaf_hash", "envelope_sha256", "kind", "round")
               VALUES (0, '', '', 'aa', 'commit', 'bb')`,
      column: 'kind',
    },
    { table: 'log_node', insert: `("level", "index", "hash") VALUES (0, 0, '')`, column: 'hash' },
    {
      table: 'log_checkpoint',
      insert: `("size", "root", "note") VALUES (1, '', 'note')`,
      column: 'note',
    },
    {
      table: 'log_cosignature',
      insert: `("size", "witness", "line") VALUES (1, 'aa', 'line')`,
      column: 'line',
    },
    {
      table: 'link',
      insert: `("round", "builder", "body") VALUES ('bb', 'cc', '{}')`,
      column: 'body',
    },
  ];
  /**
   * What moves on: projections of the log, messages, what is thought of the log, and what is
   * remembered of others.
   */
  const moving = [
    ...['news', 'news_cursor', 'news_delivery', 'news_subscription'],
    ...['explanation', 'migrations', 'outgoing', 'round', 'round_builder', 'witnessed_log'],
    ...['round_summary', 'artifact_cluster', 'round_standing'],
    ...['round_ask', 'build_log'],
    ...['builder', 'builder_invite', 'builder_order'],
    ...['archived_round', 'lease', 'access_token', 'console_act', 'group', 'log_home'],
  ];

  test('in every table but those that move on', async () => {
    const rows = await dataSource().query<{ name: string }[]>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const kept = rows.map(({ name }) => name).filter((name) => !moving.includes(name));
    expect(kept.toSorted()).toEqual(evidence.map(({ table }) => table).toSorted());
  });

  beforeAll(async () => {
    for (const { table, insert } of evidence) {
      await dataSource().query(`INSERT INTO "${table}" ${insert}`);
    }
  });

  describe.each(evidence)('$table', ({ table, column, insert }) => {
    test.each([
      ['an update', `UPDATE "${table}" SET "${column}" = 'x'`],
      ['an update of no row', `UPDATE "${table}" SET "${column}" = 'x' WHERE false`],
      ['a delete', `DELETE FROM "${table}"`],
      ['a truncate', `TRUNCATE "${table}" CASCADE`],
      [
        'an insert that overwrites',
        `INSERT INTO "${table}" ${insert} ON CONFLICT ON CONSTRAINT "${table}_pk"
         DO UPDATE SET "${column}" = excluded."${column}"`,
      ],
    ])('%s', async (_, statement) => {
      const before = await dataSource().query<unknown[]>(`SELECT * FROM "${table}"`);
      await expect(dataSource().query(statement)).rejects.toThrow('is only ever added');
      expect(before).toHaveLength(1);
      expect(await dataSource().query(`SELECT * FROM "${table}"`)).toEqual(before);
    });
  });

  /** Gives a role of its own in a database of its own, which it brought up to date and filled. */
  function useRole(prepare: (owner: DataSource, name: string) => Promise<void>): () => DataSource {
    let database: TestDatabase;
    let service: DataSource;
    const nameOf = ({ url }: TestDatabase): string => new URL(url).pathname.slice(1);
    beforeAll(async () => {
      database = await createDatabase();
      const name = nameOf(database);
      const owner = await connectDatabase(database.url);
      await owner.query(`CREATE ROLE "${name}" LOGIN PASSWORD 'service'`);
      await prepare(owner, name);
      await owner.destroy();
      const url = new URL(database.url);
      [url.username, url.password] = [name, 'service'];
      service = await connectDatabase(url.href);
      await migrate(service);
      for (const { table, insert } of evidence) {
        await service.query(`INSERT INTO "${table}" ${insert}`);
      }
    });
    afterAll(async () => {
      await service.destroy();
      await database.drop();
      await dataSource().query(`DROP ROLE "${nameOf(database)}"`);
    });
    return () => service;
  }

  describe('to a role that is no superuser, and owns the tables', () => {
    const service = useRole(async (owner, name) => {
      await owner.query(`ALTER DATABASE "${name}" OWNER TO "${name}"`);
      await owner.query(`ALTER SCHEMA "public" OWNER TO "${name}"`);
    });

    test.each(evidence)('$table', async ({ table, column }) => {
      for (const change of [`UPDATE "${table}" SET "${column}" = 'x'`, `DELETE FROM "${table}"`]) {
        await expect(service().query(change)).rejects.toThrow('is only ever added');
      }
    });

    // Who owns a table can do this much; fsck and witnesses find what was altered.
    test('it can switch the triggers off as their owner, though not go around them as a superuser could', async () => {
      await service().query(`ALTER TABLE "envelope" DISABLE TRIGGER "envelope_append_only"`);
      await service().query(`ALTER TABLE "envelope" ENABLE TRIGGER "envelope_append_only"`);
      await expect(service().query(`SET session_replication_role = 'replica'`)).rejects.toThrow(
        'permission denied',
      );
    });
  });

  describe('to a role that owns nothing', () => {
    const service = useRole(async (owner, name) => {
      await migrate(owner);
      await grantService(owner, name);
    });

    test('a start of the service finds nothing to do', async () => {
      await migrate(service());
    });

    test.each(evidence)('$table', async ({ table, column }) => {
      for (const change of [
        `UPDATE "${table}" SET "${column}" = 'x'`,
        `DELETE FROM "${table}"`,
        `TRUNCATE "${table}" CASCADE`,
      ]) {
        await expect(service().query(change)).rejects.toThrow('permission denied');
      }
    });

    test.each(evidence)('it can neither switch off nor replace what holds $table', async (kept) => {
      for (const change of [
        `ALTER TABLE "${kept.table}" DISABLE TRIGGER "${kept.table}_append_only"`,
        `DROP TRIGGER "${kept.table}_append_only" ON "${kept.table}"`,
        `DROP TABLE "${kept.table}" CASCADE`,
        `CREATE OR REPLACE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN RETURN OLD; END'`,
        `SET session_replication_role = 'replica'`,
      ]) {
        await expect(service().query(change)).rejects.toThrow(/must be owner|permission denied/);
      }
    });
  });
});
