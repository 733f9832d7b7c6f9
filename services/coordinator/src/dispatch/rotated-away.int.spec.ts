import { beforeAll, expect, test } from 'vitest';
import { createSigner } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { readConfig } from '#libs/platform';
import {
  eventually,
  freshSigner,
  signEnrolment,
  signRotation,
  useQuorum,
  type HandBuilder,
  type HandKeys,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { register } from './registered.fixture.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { anna: 1, cleo: 1, dora: 1 },
  environment: { VANISHED_SECONDS: '1', CALIBRATE_BUILDERS: 'false' },
});
/** Whoever the fixture says answers for all that it registers. */
const OPERATOR = createSigner(new Uint8Array(32).fill(200));
const builder = (operator: string): HandBuilder => quorum().builder(operator);

beforeAll(async () => {
  const operators = quorum().builders.map(({ operator, signer }) => ({
    operator,
    ...(operator === 'cleo' && { publicKey: toBase64(OPERATOR.publicKey) }),
    builders: [{ publicKey: toBase64(signer.publicKey) }],
  }));
  await quorum().writeRoster(JSON.stringify({ operators }));
});

test('another takes the place of one whose key was rotated, though its agent is heard of', async () => {
  const { api, dataSource } = quorum();
  for (const operator of ['anna', 'cleo']) await register(dataSource, builder(operator));
  await register(dataSource, builder('dora'), { lastSeenAt: new Date(0) });
  const keysOf = (attestation = freshSigner()): HandKeys => ({
    ...{ attestation, witness: freshSigner(), nats: freshSigner() },
  });
  const { signer } = builder('cleo');
  const enrolment = signEnrolment(OPERATOR, keysOf(signer));
  expect((await api.post('/v1/keys', enrolment)).status).toBe(200);
  const round = await api.open({ commit: '0a'.repeat(20), ask: { operators: 2 } });
  expect((await api.report(round)).builders.map(({ operator }) => operator)).toEqual([
    'anna',
    'cleo',
  ]);
  await register(dataSource, builder('dora'));
  const rotation = signRotation(OPERATOR, signer, keysOf());
  expect((await api.post('/v1/keys', rotation)).status).toBe(200);
  const report = await eventually('a replacement', async () => {
    const told = await api.report(round);
    return told.round!.choice!.replacements.length > 0 ? told : undefined;
  });
  expect(report.round!.choice!.replacements).toMatchObject([
    { operator: 'cleo', because: 'vanished', by: [{ operator: 'dora' }] },
  ]);
  const vanished = report.builders.filter(({ hasVanished }) => hasVanished === true);
  expect(vanished.map(({ operator }) => operator)).toEqual(['cleo']);
});
