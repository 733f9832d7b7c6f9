import { expect, test } from 'vitest';
import type { Signer } from '#libs/attestation';
import type { Enrol } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { readConfig } from '#libs/platform';
import {
  freshKeys,
  freshSigner,
  Joining,
  makeCapabilities,
  makeComer,
  signApplication,
  signRevocation,
  signRotation,
  SPEC_ORIGIN,
  useQuorum,
  type Comer,
  type HandKeys,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1 },
  environment: { CALIBRATE_BUILDERS: 'false' },
});
const joining = new Joining(quorum);

/** An approved builder whose keys were rotated, and what it may ask with since. */
async function rotated(): Promise<Comer & { readonly fresh: HandKeys; readonly record: Enrol }> {
  const comer = await joining.approved();
  const fresh = freshKeys();
  const enrolment = signRotation(comer.operator, comer.set.attestation, fresh);
  expect((await quorum().api.post('/v1/keys', enrolment)).status).toBe(200);
  return { ...comer, fresh, record: { enrolment, application: ask(comer.id, fresh.attestation) } };
}

/** A builder tells of another machine, by a key. */
function ask(builder: string, key: Signer): Enrol['application'] {
  const capabilities = makeCapabilities({ ramBytes: 64e9 });
  const publicKey = toBase64(key.publicKey);
  return signApplication(key, SPEC_ORIGIN, { builder, publicKey, capabilities });
}

test('a builder tells of another machine by the record of its rotation', async () => {
  const { id, record } = await rotated();
  expect(await joining.enrol(record)).toMatchObject({ builder: id, status: 'active' });
  expect(await joining.view(id)).toMatchObject({ capabilities: { ramBytes: 64e9 } });
});

test('one that has retired comes back by it, with the keys that it has now', async () => {
  const { id, record, fresh } = await rotated();
  await joining.order(id, 'retire');
  const before = await joining.logged();
  expect((await joining.enrol(record)).status).toBe('applied');
  expect((await joining.order(id, 'approve')).status).toBe('active');
  // The act alone: the keys were in the log.
  expect(await joining.logged()).toBe(before + 1);
  expect((await joining.view(id)).publicKey).toBe(toBase64(fresh.attestation.publicKey));
  expect(await joining.invited()).toContain(id);
});

test.each<[string, string, () => Promise<Enrol>]>([
  [
    'the record that its rotation ended',
    'known-key',
    async () => {
      const { enrol, id, set } = await rotated();
      return { ...enrol, application: ask(id, set.attestation) };
    },
  ],
  [
    'the key that its rotation ended',
    'application-unusable',
    async () => {
      const { record, id, set } = await rotated();
      return { ...record, application: ask(id, set.attestation) };
    },
  ],
  [
    'a rotation of nothing that is logged',
    'unknown-key',
    () => {
      const { operator, set, id } = makeComer();
      const fresh = freshKeys();
      const enrolment = signRotation(operator, set.attestation, fresh);
      return Promise.resolve({ enrolment, application: ask(id, fresh.attestation) });
    },
  ],
  [
    'a rotation that is not logged',
    'known-key',
    async () => {
      const { operator, set, id } = await joining.approved();
      const fresh = freshKeys();
      const enrolment = signRotation(operator, set.attestation, fresh);
      return { enrolment, application: ask(id, fresh.attestation) };
    },
  ],
  [
    'a rotation by another operator',
    'known-key',
    async () => {
      const { id, set, fresh, record } = await rotated();
      return {
        ...record,
        enrolment: signRotation(freshSigner(), set.attestation, fresh, { builder: id }),
      };
    },
  ],
  [
    'keys that were revoked since',
    'known-key',
    async () => {
      const { id, operator, fresh, record } = await rotated();
      const revocation = signRevocation(operator, fresh.attestation, { builder: id });
      expect((await quorum().api.post('/v1/keys', revocation)).status).toBe(200);
      return record;
    },
  ],
])('nobody asks by %s', async (_, code, make) => {
  const body = await make();
  expect(await joining.stranger.refused('POST', '/v1/enrolments', body)).toMatchObject({ code });
});

test('who sends the record of before is told which one to send', async () => {
  const { enrol, id, set } = await rotated();
  const body = { ...enrol, application: ask(id, set.attestation) };
  const { detail } = await joining.stranger.refused('POST', '/v1/enrolments', body);
  expect(detail).toContain('such as its rotation, with `builder enroll --enrolment FILE`');
});
