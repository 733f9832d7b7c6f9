import pg from 'pg';
import type { ComposeService } from './compose.js';

/**
 * Does to a server what the image of PostgreSQL does to a new volume: makes the user and the database that
 * its environment names. Gives the host and port.
 */
export async function initialize(
  databaseUrl: string,
  { environment }: ComposeService,
): Promise<string> {
  const { POSTGRES_USER: user = '', POSTGRES_PASSWORD: password = '' } = environment;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const name = pg.escapeIdentifier(user);
    await client.query(
      `CREATE ROLE ${name} SUPERUSER LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
    );
    const database = pg.escapeIdentifier(environment['POSTGRES_DB'] ?? user);
    await client.query(`CREATE DATABASE ${database} OWNER ${name}`);
  } finally {
    await client.end();
  }
  return new URL(databaseUrl).host;
}
