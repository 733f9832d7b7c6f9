import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantService, migrate, setServiceLogin } from '#libs/persistence';
import { connectDatabase, createDatabase, useDataSource, type TestDatabase } from '#libs/testing';
import { updateSchema } from './schema.js';

const dataSource = useDataSource();
let database: TestDatabase;
let role: string;
let owner: DataSource;
let service: DataSource;

beforeAll(async () => {
  database = await createDatabase();
  const url = new URL(database.url);
  role = url.pathname.slice(1);
  owner = await connectDatabase(database.url);
  await setServiceLogin(owner, role, 'service');
  [url.username, url.password] = [role, 'service'];
  service = await connectDatabase(url.href);
});
afterAll(async () => {
  await service.destroy();
  await owner.destroy();
  await database.drop();
  await dataSource().query(`DROP ROLE "${role}"`);
});

test('a role that owns nothing is told who brings the schema up to date, until that was done and it has rights', async () => {
  await expect(updateSchema(service)).rejects.toThrow(/permission denied.*SERVICE_ROLE/);
  await migrate(owner);
  await expect(updateSchema(service)).rejects.toThrow(/permission denied.*SERVICE_ROLE/);
  await grantService(owner, role);
  await updateSchema(service);
  // As a newer version finds it.
  await owner.query('DELETE FROM "migrations" WHERE "id" = (SELECT max("id") FROM "migrations")');
  await expect(updateSchema(service)).rejects.toThrow(/permission denied.*SERVICE_ROLE/);
});
