import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDatabase, databaseOptions } from '#libs/persistence';
import { CoordinatorClient, eventually } from '#libs/testing';
import { ed25519Verifier, openCheckpoint, parseVkey, type Checkpoint } from '#libs/tlog';
import { startHandStack, type HandStack } from './hand-stack.js';

const GATE = 424_242;
const ORIGIN = 'demo.invalid/log';

let stack: HandStack;
let database: pg.Client;
let opened = 0;
/** Every signed note that anybody outside was shown, by its text. */
const seen = new Set<string>();

beforeAll(async () => {
  stack = await startHandStack();
  database = new pg.Client({ connectionString: stack.databaseUrl });
  await database.connect();
  await database.query(
    `CREATE FUNCTION "wait_at_gate"() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN PERFORM pg_advisory_xact_lock(${GATE}); RETURN NULL; END $$`,
  );
});
afterAll(async () => {
  await database.end();
  await stack.close();
});

const LEAF_COMMIT =
  'CONSTRAINT TRIGGER "gate" AFTER INSERT ON "log_entry" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW';
const CHECKPOINT_COMMIT =
  'CONSTRAINT TRIGGER "gate" AFTER INSERT ON "log_checkpoint" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW';

/**
 * Where a transaction waits until it is let on: after a statement, or in the middle of its COMMIT. A
 * coordinator is killed while it waits, or it is stopped there and killed once the server has committed.
 */
const steps: readonly (readonly [name: string, gate: string, until?: 'committed'])[] = [
  [
    'after the envelope was written',
    'TRIGGER "gate" AFTER INSERT ON "envelope" FOR EACH STATEMENT',
  ],
  ['after the leaf was written', 'TRIGGER "gate" AFTER INSERT ON "log_entry" FOR EACH STATEMENT'],
  ['after the tree was written', 'TRIGGER "gate" AFTER INSERT ON "log_node" FOR EACH STATEMENT'],
  [
    'after the round was moved on',
    'TRIGGER "gate" AFTER UPDATE ON "round_builder" FOR EACH STATEMENT',
  ],
  ['while the leaf is committed', LEAF_COMMIT],
  ['after the leaf was committed, before its checkpoint', LEAF_COMMIT, 'committed'],
  [
    'after the checkpoint was signed',
    'TRIGGER "gate" BEFORE INSERT ON "log_checkpoint" FOR EACH STATEMENT',
  ],
  [
    'after the checkpoint was written',
    'TRIGGER "gate" AFTER INSERT ON "log_checkpoint" FOR EACH STATEMENT',
  ],
  ['while the checkpoint is committed', CHECKPOINT_COMMIT],
  ['after the checkpoint was committed, before its receipt', CHECKPOINT_COMMIT, 'committed'],
];

async function count(query: string): Promise<number> {
  const { rows } = await database.query<{ count: string }>(query);
  return Number(rows[0]?.count);
}

/** Lets the coordinator come to a gate, kills it there, and lets on what the server still does of it. */
async function killAt(gate: string, work: () => Promise<void>, until?: 'committed'): Promise<void> {
  const [, table = ''] = / ON ("\w+")/.exec(gate) ?? [];
  await database.query('SELECT pg_advisory_lock($1)', [GATE]);
  await database.query(`CREATE ${gate} EXECUTE FUNCTION "wait_at_gate"()`);
  await work();
  await eventually(
    'a transaction at the gate',
    () =>
      count(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
             AND objid = ${GATE}`),
    (waiting) => waiting > 0,
  );
  await note();
  if (until === 'committed') await commitAlone(table);
  await stack.coordinator.kill();
  await database.query('SELECT pg_advisory_unlock($1)', [GATE]);
  await eventually(
    'an end of the connections of who was killed',
    () => count(`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'repro-quorum'`),
    (connections) => connections === 0,
  );
  await database.query(`DROP TRIGGER "gate" ON ${table}`);
}

/** Has the server commit what waits at the gate, while the coordinator cannot read that it did. */
async function commitAlone(table: string): Promise<void> {
  const rows = (): Promise<number> => count(`SELECT count(*) FROM ${table}`);
  const before = await rows();
  process.kill(stack.coordinator.pid, 'SIGSTOP');
  await database.query('SELECT pg_advisory_unlock($1)', [GATE]);
  await eventually('the commit of what waited', rows, (now) => now > before);
  // Whoever is let on after the kill finds the gate as it was.
  await database.query('SELECT pg_advisory_lock($1)', [GATE]);
}

/** Looks at what is served now, as any reader may at any time. */
async function note(): Promise<void> {
  const served = await new CoordinatorClient(stack.coordinator.url).get('/v1/log/checkpoint');
  seen.add(await served.text());
}

function noteIn(proof: string): string {
  return proof.slice(proof.indexOf('\n\n') + 2);
}

function checkpoints(): readonly Checkpoint[] {
  const { name, publicKey } = parseVkey(stack.vkey);
  const verifier = ed25519Verifier(name, publicKey);
  return [...seen].map((text) => openCheckpoint(text, [verifier], ORIGIN).checkpoint);
}

describe('a coordinator that is killed', () => {
  test.for(steps)('%s signs nothing that contradicts what it signed', async ([, gate, until]) => {
    const [first, second] = stack.builders;
    opened += 1;
    const api = new CoordinatorClient(stack.coordinator.url);
    const round = await api.open({ commit: opened.toString(16).padStart(40, '0') });
    await note();
    const one = first!.seal(await first!.invitation(round));
    const two = second!.seal(await second!.invitation(round));
    await first!.commit(one.commit);
    seen.add(noteIn((await first!.receipt(one.commit)).proof));

    await killAt(gate, () => second!.commit(two.commit), until);
    await stack.start();
    await note();
    // As an agent does that has no receipt yet.
    await second!.commit(two.commit);
    seen.add(noteIn((await second!.receipt(two.commit)).proof));
    await note();
    const report = await new CoordinatorClient(stack.coordinator.url).reportIn('revealing', round);
    expect(report.builders.map(({ state }) => state)).toEqual(['committed', 'committed']);
  });

  test('has shown nobody two trees of one size, and every one of them is in its log', async () => {
    const source = await new DataSource(databaseOptions(stack.databaseUrl)).initialize();
    const { name: origin, publicKey } = parseVkey(stack.vkey);
    const verifier = ed25519Verifier(origin, publicKey);
    const check = await source.transaction('REPEATABLE READ', (manager) =>
      checkDatabase(manager, { origin, publicKey, verifier }),
    );
    expect(check).toMatchObject({ finding: null, rounds: steps.length });
    const rows = await source.query<{ size: string; root: Buffer }[]>(
      'SELECT "size", "root" FROM "log_checkpoint"',
    );
    await source.destroy();
    const signed = new Map(rows.map(({ size, root }) => [BigInt(size), root.toString('hex')]));
    expect(checkpoints().length).toBeGreaterThan(2 * steps.length);
    for (const { size, root } of checkpoints()) {
      expect([size, signed.get(size)]).toEqual([size, Buffer.from(root).toString('hex')]);
    }
  });
});
