import { afterAll, beforeAll, expect, test } from 'vitest';
import { unsettleLog } from '#libs/persistence';
import { CoordinatorClient, eventually, useQuorum } from '#libs/testing';
import { PlayedWitness } from './played-witness.fixture.js';
import { WitnessedCoordinator } from './witnessed-coordinator.fixture.js';

const witnesses = [1, 2, 3].map((at) => {
  return new PlayedWitness(`w${at}`, 100 + at, `witness.example/w${at}`);
});
const [first, ...others] = witnesses;
const witnessed = new WitnessedCoordinator('log.example/spec', witnesses, witnesses, 3);
const quorum = useQuorum({ start: witnessed.start, operators: { acme: 1, bits: 1 } });
afterAll(() => Promise.all(witnesses.map((witness) => witness.stop())));

const asleep = (): { status: number; body: string } => ({ status: 503, body: 'asleep' });
let api: CoordinatorClient;

beforeAll(async () => {
  await quorum().api.open({ commit: '0a'.repeat(20) });
  await eventually(
    'witnesses that have seen it all',
    () => witnesses.map(({ stored }) => stored?.size),
    (sizes) => sizes.every((size) => size === 1n),
  );
  await quorum().stopAll();
  await quorum().dataSource.transaction(unsettleLog);
  first!.lie = asleep;
  api = new CoordinatorClient((await quorum().start()).url);
});

test('a moved log waits for its last witness, who alone may have seen what was lost', async () => {
  const heard = others.map(
    ({ label }) => new RegExp(`quorum_witness_size{[^}]*"${label}"[^}]*} 1\n`),
  );
  await eventually(
    'two witnesses that have seen nothing newer',
    async () => (await api.get('/metrics')).text(),
    (metrics) => heard.every((line) => line.test(metrics)),
  );
  expect(await api.refused('GET', '/readyz')).toMatchObject({
    ...{ status: 503, code: 'log-behind' },
    detail: expect.stringContaining('until each of its witnesses (3) has answered') as unknown,
  });
});

test('meanwhile it is ready for readers, and for builders whose witnesses are asked through it', async () => {
  expect((await api.get('/readyz?to=read')).status).toBe(200);
  expect(await api.refused('GET', '/readyz?to=write')).toMatchObject({ code: 'log-behind' });
});

test('it goes on once that one has answered as well', async () => {
  first!.lie = null;
  await eventually(
    'a log that goes on',
    async () => (await api.get('/readyz')).status,
    (status) => status === 200,
  );
});
