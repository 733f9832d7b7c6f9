import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { connectDatabase, createDatabase, makeEntries, type TestDatabase } from '#libs/testing';
import { appendToLog, EnvelopeEntity, lockLog, LogEntryEntity, migrate } from './index.js';
import { migrations } from './migrations/index.js';

const FIRST = migrations.findIndex(({ name }) => name.startsWith('LogStorage'));
const old = {
  sha256: 'aa'.repeat(32),
  // Long, and such as is compressed where compression is on.
  body: JSON.stringify({ payload: 'QUJD'.repeat(5_000) }),
};
const message = { body: '{"round":"aa"}', subjects: ['to.b1', 'to.b2'] };

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await createDatabase();
  source = await connectDatabase(database.url);
  await migrate(source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

async function goDown(): Promise<void> {
  for (let left = migrations.length; left > FIRST; left -= 1) {
    await source.undoLastMigration({ transaction: 'all' });
  }
}

async function unsent(column: string): Promise<unknown> {
  return source.query(
    `SELECT "id", "${column}", "body" FROM "outgoing" WHERE "sent_at" IS NULL ORDER BY "id"`,
  );
}

const single = (subject: string) => ({
  id: sha256(`${subject}\n${message.body}`),
  subject,
  body: message.body,
});

describe('a database with data', () => {
  test('keeps its log, and goes on with it, when it comes up', async () => {
    await goDown();
    await source.query(`INSERT INTO "envelope" VALUES ($1, $2, now())`, [old.sha256, old.body]);
    await source.query(
      `INSERT INTO "log_entry" ("index", "entry", "leaf_hash", "envelope_sha256", "kind", "round")
       VALUES (0, 'entry', sha256('\\x00' || 'entry'::bytea), $1, 'commit', 'aa')`,
      [old.sha256],
    );
    await source.query(`INSERT INTO "log_node" SELECT 0, 0, "leaf_hash" FROM "log_entry"`);
    await migrate(source);
    const [added] = makeEntries(1);
    await source.transaction(async (manager) => {
      await lockLog(manager);
      expect(await appendToLog(manager, [added!], new Date())).toEqual([1]);
    });
    const bodies = await source.manager.find(EnvelopeEntity);
    expect(new Map(bodies.map((row) => [row.sha256, row.body]))).toEqual(
      new Map([
        [old.sha256, old.body],
        [added!.envelopeSha256, added!.body],
      ]),
    );
    expect(await source.manager.count(LogEntryEntity)).toBe(2);
  });

  test('sends what waited, under the ids that it waited with', async () => {
    await goDown();
    const { id, subject, body } = single('to.b1');
    await source.query(`INSERT INTO "outgoing" VALUES ($1, $2, $3, 'aa', now())`, [
      ...[id, subject, body],
    ]);
    await migrate(source);
    expect(await unsent('subjects')).toEqual([{ id, subjects: subject, body }]);
  });

  test('has a message for each builder again when it goes down', async () => {
    const { body, subjects } = message;
    await source.query(`INSERT INTO "outgoing" VALUES ('many', $1, $2, 'aa', now())`, [
      ...[subjects.join('\n'), body],
    ]);
    await goDown();
    const each = subjects.map(single).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(await unsent('subject')).toEqual(each);
    await migrate(source);
  });
});
