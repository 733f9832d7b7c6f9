import { DataSource } from 'typeorm';
import { databaseOptions, migrate } from '#libs/persistence';
import { afterAll, beforeAll } from 'vitest';
import { usePostgres } from './postgres.js';

/** Connects to a database as a service does, without bringing its schema up to date. */
export async function connectDatabase(url: string): Promise<DataSource> {
  return new DataSource(databaseOptions(url)).initialize();
}

/**
 * Gives a spec file a database of its own with the project's schema, and a pool of connections to
 * it. Call it at the top of the file; the function it returns gives the pool inside of tests.
 */
export function useDataSource(): () => DataSource {
  const url = usePostgres();
  let dataSource: DataSource | undefined;
  beforeAll(async () => {
    dataSource = await connectDatabase(url());
    await migrate(dataSource);
  });
  afterAll(async () => {
    await dataSource?.destroy();
  });
  return () => {
    if (dataSource === undefined) throw new Error('the database exists only inside of tests');
    return dataSource;
  };
}
