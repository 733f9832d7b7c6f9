import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, createDatabase, useDataSource, type TestDatabase } from '#libs/testing';
import { migrate, readLogHome, settleLog, unsettleLog, type LogHome } from './index.js';

const dataSource = useDataSource();
let database: TestDatabase;
let source: DataSource;
let role: string;
beforeAll(async () => {
  database = await createDatabase();
  const url = new URL(database.url);
  role = url.pathname.slice(1);
  await dataSource().query(`CREATE ROLE "${role}" LOGIN PASSWORD 'service'`);
  await dataSource().query(`ALTER DATABASE "${role}" OWNER TO "${role}"`);
  [url.username, url.password] = [role, 'service'];
  const owner = await connectDatabase(database.url);
  await owner.query(`ALTER SCHEMA "public" OWNER TO "${role}"`);
  await owner.destroy();
  // No superuser: whoever runs a coordinator has no more.
  source = await connectDatabase(url.href);
  await migrate(source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
  await dataSource().query(`DROP ROLE "${role}"`);
});

const home = (): Promise<LogHome> => readLogHome(source.manager);
const settle = (): Promise<void> => source.transaction(settleLog);

test('a log is at home where it was last answered for, whatever is done to the table’s pages', async () => {
  expect(await home()).toBe('new');
  await settle();
  expect(await home()).toBe('here');
  await source.query('VACUUM (FULL, FREEZE) "log_home"');
  expect(await home()).toBe('here');
  await settle();
  expect(await home()).toBe('here');
});

test('rows that a dump brought back are told from those that were written', async () => {
  await settle();
  await source.query(`CREATE TABLE "dump" AS SELECT * FROM "log_home"`);
  await source.query(`DELETE FROM "log_home"`);
  await source.query(`INSERT INTO "log_home" SELECT * FROM "dump"`);
  expect(await home()).toBe('moved');
  await settle();
  expect(await home()).toBe('here');
  await source.query(`DROP TABLE "dump"`);
});

test('a copy of all files of a database is told from it', async () => {
  await settle();
  await source.destroy();
  const copy = `${role}_copy`;
  await dataSource().query(`CREATE DATABASE "${copy}" TEMPLATE "${role}"`);
  const url = new URL(database.url);
  url.pathname = `/${copy}`;
  const copied = await connectDatabase(url.href);
  expect(await readLogHome(copied.manager)).toBe('moved');
  await copied.destroy();
  await dataSource().query(`DROP DATABASE "${copy}"`);
  await source.initialize();
  expect(await home()).toBe('here');
});

test.for([
  ['server', `'1/' || split_part("place", '/', 2) || '/' || split_part("place", '/', 3)`],
  ['timeline', `split_part("place", '/', 1) || '/000000FF/' || split_part("place", '/', 3)`],
])('another %s is another place', async ([, place]) => {
  await source.transaction(async (manager) => {
    await settleLog(manager);
    await manager.query(`UPDATE "log_home" SET "place" = ${place}`);
  });
  expect(await home()).toBe('moved');
});

test('a log that was refilled is nowhere at home until somebody answers for it', async () => {
  await settle();
  await source.transaction(unsettleLog);
  expect(await home()).toBe('moved');
});
