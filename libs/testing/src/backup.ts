import type { DataSource } from 'typeorm';
import { afterAll } from 'vitest';
import { entities, migrate } from '#libs/persistence';
import { connectDatabase } from './data-source.js';
import { createDatabase, type TestDatabase } from './postgres.js';

type Row = Readonly<Record<string, unknown>>;

/** The rows of every table, by its name. */
export type Backup = ReadonlyMap<string, readonly Row[]>;

/** A database that was made from a backup, with a pool of its own. */
export interface Restored {
  readonly source: DataSource;
  readonly url: string;
}

/** Everything in the database, as a backup has it: each row in JSON, as PostgreSQL writes it. */
export async function takeBackup(source: DataSource): Promise<Backup> {
  const tables = new Map<string, readonly Row[]>();
  for (const entity of entities) {
    const { tableName: table } = source.getMetadata(entity);
    const rows = await source.query<{ row: Row }[]>(
      `SELECT to_jsonb(every) AS "row" FROM "${table}" AS every`,
    );
    tables.set(
      table,
      rows.map(({ row }) => row),
    );
  }
  return tables;
}

/**
 * Gives a spec file databases with what backups hold, each by a call, and drops them after its last
 * test. Call it at the top of the file.
 */
export function useBackups(): (backup: Backup) => Promise<Restored> {
  const databases: TestDatabase[] = [];
  const sources: DataSource[] = [];
  afterAll(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    for (const database of databases) await database.drop();
  });
  return async (backup) => {
    const database = await createDatabase();
    databases.push(database);
    const source = await connectDatabase(database.url);
    sources.push(source);
    await migrate(source);
    for (const [table, all] of backup) {
      await source.query(
        `INSERT INTO "${table}" SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1)`,
        [JSON.stringify(all)],
      );
    }
    return { source, url: database.url };
  };
}
