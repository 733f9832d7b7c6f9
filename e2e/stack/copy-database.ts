import pg from 'pg';

/** Copies a whole database while nobody is connected to it, and tells where the copy answers. */
export async function copyDatabase(databaseUrl: string, name: string): Promise<string> {
  const url = new URL(databaseUrl);
  const original = url.pathname.slice(1);
  url.pathname = '/template1';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`CREATE DATABASE "${name}" TEMPLATE "${original}"`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}
