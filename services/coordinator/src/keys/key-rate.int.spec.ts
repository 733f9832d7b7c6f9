import { beforeAll, expect, test } from 'vitest';
import { createSigner, type Envelope, type Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { LogEntryEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  makeSigner,
  signEnrolment,
  signRevocation,
  signRotation,
  useQuorum,
  type HandKeys,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

/** As many sets of keys as the coordinator takes of one operator within a day. */
const MAX_SETS = 32;
const [busy, calm] = [makeSigner(201), makeSigner(202)];
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { busy: 1, calm: 1 },
});
let made = 0;

function next(): Signer {
  made += 1;
  const seed = Buffer.alloc(32);
  seed.writeUInt32BE(made);
  return createSigner(seed);
}

const keys = (): HandKeys => ({ attestation: next(), witness: next(), nats: next() });
const logged = (): Promise<number> => quorum().dataSource.getRepository(LogEntryEntity).count();

async function submit(envelope: Envelope): Promise<void> {
  const response = await quorum().api.post('/v1/keys', envelope);
  expect([response.status, response.ok ? '' : await response.text()]).toEqual([200, '']);
}

const [first, heir] = [keys(), keys()];
const { id } = first.attestation;
const enrolment = signEnrolment(busy, first);

beforeAll(async () => {
  const operators = Object.entries({ busy, calm }).map(([operator, { publicKey }]) => ({
    ...{ operator, publicKey: toBase64(publicKey) },
    builders: [{ publicKey: toBase64(quorum().builder(operator).signer.publicKey) }],
  }));
  await quorum().writeRoster(JSON.stringify({ operators }));
  await submit(enrolment);
  await submit(signRotation(busy, first.attestation, heir));
  for (let sets = 2; sets < MAX_SETS; sets += 1) await submit(signEnrolment(busy, keys()));
});

test('an operator that brings keys without end is stopped for the day, and nobody but that one', async () => {
  const count = await logged();
  const more = [
    signEnrolment(busy, keys()),
    signRotation(busy, heir.attestation, keys(), { builder: id }),
  ];
  for (const envelope of more) {
    const problem = await quorum().api.refused('POST', '/v1/keys', envelope);
    expect(problem).toMatchObject({ status: 429, code: 'too-many-keys' });
  }
  expect(await logged()).toBe(count);
  await submit(signEnrolment(calm, keys()));
});

test('it is still answered for what is logged, and may revoke at any time', async () => {
  const count = await logged();
  await submit(enrolment);
  expect(await logged()).toBe(count);
  for (const reason of ['lost', 'compromised'] as const) {
    await submit(signRevocation(busy, heir.attestation, { builder: id, reason }));
  }
  expect(await logged()).toBe(count + 2);
});

test('it is heard again a day later', async () => {
  await quorum().dataSource.transaction(async (manager) => {
    // Evidence is never changed else: this is a day that goes by.
    await manager.query(`SET LOCAL session_replication_role = 'replica'`);
    await manager.query(
      `UPDATE "envelope" SET "received_at" = "received_at" - interval '24 hours'`,
    );
  });
  await submit(signRotation(busy, heir.attestation, keys(), { builder: id }));
});
