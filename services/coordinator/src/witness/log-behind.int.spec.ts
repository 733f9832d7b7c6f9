import { afterAll, expect, test } from 'vitest';
import { CheckpointEntity } from '#libs/persistence';
import { CoordinatorClient, eventually, useQuorum, type StartedCoordinator } from '#libs/testing';
import { parseCheckpoint, type Checkpoint } from '#libs/tlog';
import { PlayedWitness } from './played-witness.fixture.js';
import { WitnessedCoordinator } from './witnessed-coordinator.fixture.js';

const TABLES = [
  ...['log_entry', 'log_node', 'log_checkpoint', 'log_cosignature', 'envelope', 'round'],
  ...['round_builder', 'outgoing'],
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

/** Starts on what is stored, and expects that it stands still without having signed anything. */
async function expectStill(): Promise<{ api: CoordinatorClient; started: StartedCoordinator }> {
  const before = { stored: witness.stored, signed: await signed() };
  const started = await quorum().start();
  const api = new CoordinatorClient(started.url);
  expect(await api.refused('GET', '/readyz')).toMatchObject({ status: 503, code: 'log-behind' });
  expect(await api.refused('POST', '/v1/rounds', { commit: 'ff'.repeat(20) })).toMatchObject({
    status: 503,
    code: 'log-behind',
  });
  expect({ stored: witness.stored, signed: await signed() }).toEqual(before);
  return { api, started };
}

test('a database restored to an older dump, to nothing, or to another tree never signs a second one', async () => {
  await dump('nothing');
  const [early] = [await open(quorum().api)];
  await seenAt(1);
  await dump('older');
  await open(quorum().api);
  await open(quorum().api);
  await seenAt(3);
  await quorum().stopAll();
  await dump('newest');

  await restore('older');
  const behind = await expectStill();
  expect(await behind.api.refused('GET', '/readyz')).toMatchObject({
    detail: expect.stringContaining('has seen 3 leaves') as unknown,
  });
  // What it has is as true as it was, and goes on being read.
  const note = await (await behind.api.get('/v1/log/checkpoint')).text();
  expect(parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).size).toBe(1n);
  expect((await behind.api.get(`/v1/rounds/${early}/report`)).status).toBe(200);
  expect((await behind.api.logged(early)).map(({ proof }) => proof)).toEqual([
    expect.stringContaining('index 0') as unknown,
  ]);
  expect((await behind.api.get('/v1/log/tile/entries/000.p/1')).status).toBe(200);
  await quorum().stop(behind.started);

  await empty();
  const lost = await expectStill();
  expect(await lost.api.refused('GET', '/v1/log/checkpoint')).toMatchObject({ status: 404 });
  await quorum().stop(lost.started);

  // A witness that hears, and never answers, keeps nobody from starting; one that sleeps neither.
  await restore('newest');
  witness.lie = () => new Promise(() => undefined);
  const patient = await quorum().start();
  expect((await new CoordinatorClient(patient.url).get('/readyz')).status).toBe(200);
  await quorum().stop(patient);

  // Until it wakes another tree can grow to the size that it knows.
  await restore('older');
  witness.lie = () => ({ status: 503, body: 'asleep' });
  const forked = await quorum().start();
  const other = new CoordinatorClient(forked.url);
  for (let round = 0; round < 3; round += 1) await open(other);
  expect((await other.get('/readyz')).status).toBe(200);
  witness.lie = null;
  await quorum().stop(forked);
  const fork = await expectStill();
  expect(await fork.api.refused('GET', '/readyz')).toMatchObject({
    detail: expect.stringContaining('another tree') as unknown,
  });
  await quorum().stop(fork.started);

  await restore('newest');
  const mended = await quorum().start();
  const api = new CoordinatorClient(mended.url);
  expect((await api.get('/readyz')).status).toBe(200);
  await open(api);
  await seenAt(4);
});
