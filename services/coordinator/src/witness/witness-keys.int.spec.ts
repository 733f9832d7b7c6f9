import { beforeAll, expect, test } from 'vitest';
import { CoordinatorClient, eventually, makeSigner, signEnrolment, useQuorum } from '#libs/testing';
import { toBase64 } from '#libs/encoding';
import { PlayedWitness } from './played-witness.fixture.js';
import { WitnessedCoordinator } from './witnessed-coordinator.fixture.js';

const METRIC = 'quorum_witness_key_conflict';
const ann = makeSigner(201);
const [acme, bits] = [1, 2].map(makeSigner) as [typeof ann, typeof ann];
const agents = [acme, bits].map(({ id }, at) => new PlayedWitness(`agent${at}`, 111 + at, id));
const witnessed = new WitnessedCoordinator('log.example/spec', agents, [], 2);
const quorum = useQuorum({ start: witnessed.start, operators: { acme: 1, bits: 1 } });

beforeAll(async () => {
  const operators = [acme, bits].map(({ publicKey }, at) => ({
    operator: `operator${at}`,
    ...(at === 0 && { publicKey: toBase64(ann.publicKey) }),
    builders: [{ publicKey: toBase64(publicKey) }],
  }));
  await quorum().writeRoster(JSON.stringify({ operators }));
});

const conflicts = async (api: CoordinatorClient): Promise<readonly number[]> =>
  Promise.all(agents.map(({ label }) => api.metric(METRIC, { witness: label })));

test('a witness whose builder enrols another key than the policy lists shows, and stops nothing', async () => {
  const { api } = quorum();
  expect(await conflicts(api)).toEqual([0, 0]);
  const keys = { attestation: acme, witness: makeSigner(150), nats: makeSigner(151) };
  expect((await api.post('/v1/keys', signEnrolment(ann, keys))).status).toBe(200);
  await eventually(
    'the conflict',
    () => conflicts(api),
    ([first]) => first === 1,
  );
  expect(await conflicts(api)).toEqual([1, 0]);
  expect((await api.get('/readyz')).status).toBe(200);
  await api.open({ commit: 'ab'.repeat(20) });
});

test('so it does to a coordinator that starts later', async () => {
  const started = await quorum().start();
  const api = new CoordinatorClient(started.url);
  await eventually(
    'the conflict',
    () => conflicts(api),
    ([first]) => first === 1,
  );
  expect(await conflicts(api)).toEqual([1, 0]);
  await quorum().stop(started);
});
