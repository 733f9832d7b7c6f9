import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataSource } from 'typeorm';
import { connectDatabase, eventually, useDataSource } from '#libs/testing';
import { AnswerVersions } from './answer-versions.js';

const INSERT = `INSERT INTO "proposal" ("id", "title", "url", "nns_function", "payload", "decision", "evidence",
    "archived_at") VALUES ($1, '', '', 38, '', '{}', '{}', now())`;

const dataSource = useDataSource();
let versions: AnswerVersions;
/** Of another coordinator: this one hears nothing of what it commits. */
let other: DataSource;

beforeAll(async () => {
  versions = new AnswerVersions(dataSource());
  const { url } = dataSource().options as { readonly url: string };
  other = await connectDatabase(url);
});
afterAll(() => other.destroy());

const now = (): Promise<string | null> => versions.read({ kind: 'database' });

test('what is stored has the same version as long as nothing is committed', async () => {
  // PostgreSQL itself commits now and then, where it gathers statistics.
  await eventually(
    'a moment without commits',
    async () => {
      const before = await now();
      await other.query('SELECT count(*) FROM "proposal"');
      return (await now()) === before;
    },
    (isSame) => isSame,
  );
});

test('whatever another coordinator commits makes it another version', async () => {
  const before = await now();
  await other.query(INSERT, ['1']);
  expect(await now()).not.toBe(before);
});

test('so does a transaction that began first and is committed last', async () => {
  const slow = other.createQueryRunner();
  await slow.startTransaction();
  await slow.query(INSERT, ['2']);
  await other.query(INSERT, ['3']);
  const before = await now();
  await slow.commitTransaction();
  await slow.release();
  expect(await now()).not.toBe(before);
});

test('who asks while others are waiting is told what was read after he came', async () => {
  // The database answers at once, and its answer is held back.
  const held = Promise.withResolvers<undefined>();
  let asked = 0;
  const slow = Object.create(dataSource()) as DataSource;
  slow.query = async (text: string) => {
    const rows: unknown = await dataSource().query(text);
    asked += 1;
    await held.promise;
    return rows as never;
  };
  const behind = new AnswerVersions(slow);
  const early = behind.read({ kind: 'database' });
  await eventually(
    'a query that was answered',
    () => asked,
    (count) => count === 1,
  );
  await other.query(INSERT, ['4']);
  const late = [behind.read({ kind: 'database' }), behind.read({ kind: 'database' })];
  held.resolve(undefined);
  const [first, ...others] = await Promise.all([early, ...late]);
  expect(others).toEqual([others[0], others[0]]);
  expect(others[0]).not.toBe(first);
  expect(asked).toBe(2);
});
