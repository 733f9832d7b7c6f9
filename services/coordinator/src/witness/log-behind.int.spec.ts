import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CheckpointEntity, settleLog } from '#libs/persistence';
import { CoordinatorClient, eventually, useQuorum, type StartedCoordinator } from '#libs/testing';
import { parseCheckpoint, type Checkpoint } from '#libs/tlog';
import { PlayedWitness } from './played-witness.fixture.js';
import { WitnessedCoordinator } from './witnessed-coordinator.fixture.js';

const TABLES = [
  ...['log_entry', 'log_node', 'log_checkpoint', 'log_cosignature', 'envelope', 'round'],
  ...['round_builder', 'outgoing', 'log_home'],
];
const witness = new PlayedWitness('outside', 101, 'witness.example/outside');
const witnessed = new WitnessedCoordinator('log.example/spec', [witness], [witness], 1);
const quorum = useQuorum({ start: witnessed.start, operators: { acme: 1, bits: 1 } });
afterAll(() => witness.stop());

/** What somebody does who restores a database: triggers do not hold them up. */
async function asOwner(...statements: readonly string[]): Promise<void> {
  await quorum().dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL session_replication_role = 'replica'`);
    for (const statement of statements) await manager.query(statement);
  });
}
const dump = (name: string): Promise<void> =>
  asOwner(...TABLES.map((table) => `CREATE TABLE "${name}_${table}" AS SELECT * FROM "${table}"`));
const restore = (name: string): Promise<void> =>
  asOwner(
    ...TABLES.map((table) => `DELETE FROM "${table}"`),
    ...TABLES.map((table) => `INSERT INTO "${table}" SELECT * FROM "${name}_${table}"`),
  );
const empty = (): Promise<void> => asOwner(...TABLES.map((table) => `DELETE FROM "${table}"`));

let opened = 0;
function open(api: CoordinatorClient): Promise<string> {
  opened += 1;
  return api.open({ commit: opened.toString(16).padStart(40, '0') });
}
const seenAt = (size: number): Promise<Checkpoint> =>
  eventually(
    'a witness that has seen it all',
    () => witness.stored,
    (seen) => seen.size === BigInt(size),
  );
const signed = (): Promise<readonly CheckpointEntity[]> =>
  quorum()
    .dataSource.getRepository(CheckpointEntity)
    .find({ order: { size: 'ASC' } });

async function start(): Promise<{ api: CoordinatorClient; started: StartedCoordinator }> {
  const started = await quorum().start();
  return { api: new CoordinatorClient(started.url), started };
}
const isReady = (api: CoordinatorClient): Promise<number> =>
  eventually(
    'a log that goes on',
    async () => (await api.get('/readyz')).status,
    (status) => status === 200,
  );

/** Starts on what is stored, and expects that it stands still without having signed anything. */
async function expectStill(
  why: string,
): Promise<{ api: CoordinatorClient; started: StartedCoordinator }> {
  const before = { stored: witness.stored, signed: await signed() };
  const { api, started } = await start();
  expect(await api.refused('GET', '/readyz')).toMatchObject({
    ...{ status: 503, code: 'log-behind' },
    detail: expect.stringContaining(why) as unknown,
  });
  for (let round = 0; round < 3; round += 1) {
    const commit = 'ff'.repeat(20);
    expect(await api.refused('POST', '/v1/rounds', { commit })).toMatchObject({
      ...{ status: 503, code: 'log-behind' },
    });
  }
  expect({ stored: witness.stored, signed: await signed() }).toEqual(before);
  return { api, started };
}

const asleep = (): void => {
  witness.lie = () => ({ status: 503, body: 'asleep' });
};

let early: string;
beforeAll(async () => {
  early = await open(quorum().api);
  await seenAt(1);
  await dump('older');
  await open(quorum().api);
  await open(quorum().api);
  await seenAt(3);
  await quorum().stopAll();
});
afterEach(async () => {
  await quorum().stopAll();
  witness.lie = null;
});

test('an ordinary restart waits neither for a witness that never answers nor for one that sleeps', async () => {
  witness.lie = () => new Promise(() => undefined);
  const patient = await start();
  expect((await patient.api.get('/readyz')).status).toBe(200);
  await quorum().stop(patient.started);
  asleep();
  expect((await (await start()).api.get('/readyz')).status).toBe(200);
});

test('a database restored to an older dump never signs a second tree, though every witness sleeps', async () => {
  await dump('newest');
  await restore('older');
  asleep();
  const { api } = await expectStill('brought back from a backup');
  // What it has is as true as it was, and goes on being read.
  const note = await (await api.get('/v1/log/checkpoint')).text();
  expect(parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).size).toBe(1n);
  expect((await api.get(`/v1/rounds/${early}/report`)).status).toBe(200);
  expect((await api.logged(early)).map(({ proof }) => proof)).toEqual([
    expect.stringContaining('index 0') as unknown,
  ]);
  expect((await api.get('/v1/log/tile/entries/000.p/1')).status).toBe(200);

  witness.lie = null;
  await eventually(
    'what the witness says once it is awake',
    () => api.refused('GET', '/readyz'),
    ({ detail }) => detail.includes('has seen 3 leaves'),
  );
  expect((await signed()).map(({ size }) => size)).toEqual([1]);
});

test('a database restored to an older dump, or to nothing, stands still where a witness has seen more', async () => {
  await restore('older');
  await quorum().stop((await expectStill('has seen 3 leaves')).started);
  await empty();
  const { api } = await expectStill('has seen 3 leaves');
  expect(await api.refused('GET', '/v1/log/checkpoint')).toMatchObject({ status: 404 });
});

test('a tree that grew by an operator’s wrong word is found when a witness wakes', async () => {
  await restore('older');
  await quorum().dataSource.transaction(settleLog);
  asleep();
  const other = await start();
  for (let round = 0; round < 3; round += 1) await open(other.api);
  expect((await other.api.get('/readyz')).status).toBe(200);
  await quorum().stop(other.started);
  witness.lie = null;
  await expectStill('another tree');
});

test('a database restored to all that was signed goes on once its witness says so', async () => {
  await restore('newest');
  asleep();
  const { api, started } = await expectStill('until each of its witnesses (1) has answered');
  witness.lie = null;
  await isReady(api);
  await open(api);
  await seenAt(4);
  // It is at home now: the next restart waits for nobody.
  await quorum().stop(started);
  asleep();
  expect((await (await start()).api.get('/readyz')).status).toBe(200);
});
