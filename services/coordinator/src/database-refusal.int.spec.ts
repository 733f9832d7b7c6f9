import { expect, test } from 'vitest';
import { ConfigError } from '#libs/platform';
import { useDataSource } from '#libs/testing';
import { remedied, type Remedies } from './database-refusal.js';

const dataSource = useDataSource();

async function refusal(sql: string): Promise<unknown> {
  return dataSource()
    .transaction(async (manager) => {
      await manager.query('SET LOCAL ROLE pg_monitor');
      await manager.query(sql);
    })
    .catch((error: unknown) => error);
}

test.each<[what: string, sql: string, remedies: Remedies, message: string]>([
  [
    'what takes the owner of a table',
    'ALTER TABLE "envelope" DISABLE TRIGGER "envelope_append_only"',
    { insufficientPrivilege: 'do this' },
    'must be owner of table envelope: do this',
  ],
  [
    'what is about a role that nobody made',
    'GRANT SELECT ON "envelope" TO "nobody of that name"',
    { undefinedObject: 'do that' },
    'role "nobody of that name" does not exist: do that',
  ],
])('%s is told with what to do about it', async (_, sql, remedies, message) => {
  const told = remedied(await refusal(sql), remedies);
  expect(told).toBeInstanceOf(ConfigError);
  expect(told).toMatchObject({ message });
});

test('an error that nobody foresaw stays what it is', async () => {
  for (const sql of ['SELECT 1 / 0', 'DELETE FROM "envelope"']) {
    const error = await refusal(sql);
    expect(error).toBeInstanceOf(Error);
    expect(remedied(error, { undefinedObject: 'do that' })).toBe(error);
  }
});
