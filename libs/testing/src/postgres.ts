import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import './provided.js';

/** An empty database on the shared server. */
export interface TestDatabase {
  readonly url: string;
  /** Ends all connections to the database and removes it. */
  drop(): Promise<void>;
}

/** Makes an empty database on the server that all integration specs of a run share. */
export async function createDatabase(): Promise<TestDatabase> {
  const url = new URL(inject('postgresUrl'));
  const name = `spec_${randomBytes(8).toString('hex')}`;
  await administer(`CREATE DATABASE ${escapeIdentifier(name)}`);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administer(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`),
  };
}

/**
 * Gives a spec file an empty database of its own, made before its first test and removed after its
 * last one. Call it at the top of the file; the function it returns tells the URL inside of tests.
 */
export function usePostgres(): () => string {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await database?.drop();
  });
  return () => {
    if (database === undefined) throw new Error('the database exists only inside of tests');
    return database.url;
  };
}

async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
