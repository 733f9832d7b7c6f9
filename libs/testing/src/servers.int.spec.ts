import { Client } from 'pg';
import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { expect, test } from 'vitest';
import { createDatabase, natsUrl, useNats, usePostgres } from './index.js';

const postgresUrl = usePostgres();
const ownNatsUrl = useNats({ extraConfig: 'max_payload: 2097152' });

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

test('a spec file gets an empty database', async () => {
  await query(postgresUrl(), 'CREATE TABLE mine (id integer)');
  expect(await query(postgresUrl(), 'SELECT count(*)::int AS n FROM mine')).toEqual([{ n: 0 }]);
});

test('another database does not see it, and is gone after its drop, open connections or not', async () => {
  const other = await createDatabase();
  expect(await query(other.url, `SELECT to_regclass('mine') AS found`)).toEqual([{ found: null }]);
  const holding = new Client({ connectionString: other.url });
  holding.on('error', () => undefined);
  await holding.connect();
  await other.drop();
  await expect(query(other.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
});

test('text sorts by code point, whatever the locale of the machine', async () => {
  const sorted = await query(
    postgresUrl(),
    `SELECT string_agg(t, '' ORDER BY t) AS t FROM unnest(ARRAY['a','B','ä','Z']) AS t`,
  );
  expect(sorted).toEqual([{ t: 'BZaä' }]);
});

test('a nats-server of its own has JetStream, no streams, and the options asked for', async () => {
  const connection = await connect({ servers: ownNatsUrl() });
  const manager = await jetstreamManager(connection);
  expect((await manager.getAccountInfo()).streams).toBe(0);
  expect(connection.info?.max_payload).toBe(2_097_152);
  await connection.close();
});

test('the shared nats-server is another one', async () => {
  expect(natsUrl()).not.toBe(ownNatsUrl());
  const connection = await connect({ servers: natsUrl() });
  await jetstreamManager(connection);
  await connection.close();
});
