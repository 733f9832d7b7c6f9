import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commitmentOf, pemOf, signatureOf, type Envelope, type Signer } from '#libs/attestation';
import { BuilderKeys, KeyLogged, KeyRecords } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { LogEntryEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  CoordinatorClient,
  makePeriod,
  makeSigner,
  signEnrolment,
  signRevocation,
  signRotation,
  useQuorum,
  type HandKeys,
} from '#libs/testing';
import { ed25519Verifier, logEntry, parseVkey, verifyProofFile } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const [ann, ben, stranger] = [makeSigner(201), makeSigner(202), makeSigner(203)];
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
});
let seed = 20;

function next(): Signer {
  seed += 1;
  return makeSigner(seed);
}

function keys(attestation = next()): HandKeys {
  return { attestation, witness: next(), nats: next() };
}

async function submit(envelope: Envelope, api = quorum().api): Promise<KeyLogged> {
  const response = await api.post('/v1/keys', envelope);
  expect([response.status, response.ok ? '' : await response.text()]).toEqual([200, '']);
  return KeyLogged.parse(await response.json());
}

async function records(query = ''): Promise<KeyRecords> {
  return KeyRecords.parse(await (await quorum().api.get(`/v1/keys?${query}`)).json());
}

async function standing({ id }: Signer): Promise<BuilderKeys> {
  return BuilderKeys.parse(await (await quorum().api.get(`/v1/keys/${id}`)).json());
}

async function logged(): Promise<number> {
  return quorum().dataSource.getRepository(LogEntryEntity).count();
}

beforeAll(async () => {
  const operators = [
    ['acme', ann],
    ['bits', ben],
  ] as const;
  const roster = operators.map(([operator, { publicKey }]) => ({
    operator,
    publicKey: operator === 'acme' ? pemOf(publicKey) : toBase64(publicKey),
    builders: [{ publicKey: toBase64(quorum().builder(operator).signer.publicKey) }],
  }));
  await quorum().writeRoster(JSON.stringify({ operators: roster }));
});

describe('a key record', () => {
  test('is logged, and answered with a receipt that proves it', async () => {
    const set = keys();
    const envelope = signEnrolment(ann, set);
    const { index, proof } = await submit(envelope);
    const { api } = quorum();
    const vkey = parseVkey((await (await api.get('/v1/log/key')).text()).trim());
    const entry = logEntry({
      paeSha256: commitmentOf(envelope),
      signature: signatureOf(envelope),
      publicKey: ann.publicKey,
    });
    const verifiers = [ed25519Verifier(vkey.name, vkey.publicKey)];
    const proven = verifyProofFile({ text: proof, entry, verifiers, origin: vkey.name });
    expect(proven.index).toBe(BigInt(index));
    expect((await records(`after=${index - 1}`)).records).toMatchObject([
      { envelope, index, kind: 'key', builder: set.attestation.id },
    ]);
    const row = await quorum().dataSource.getRepository(LogEntryEntity).findOneByOrFail({ index });
    expect(row).toMatchObject({ kind: 'key', round: null, builder: set.attestation.id });
  });

  test('submitted again is answered the same, in whatever spelling', async () => {
    const envelope = signEnrolment(ann, keys());
    const first = await submit(envelope);
    const count = await logged();
    const [signature] = envelope.signatures;
    const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');
    const respelt: Envelope = {
      ...envelope,
      payload: urlSafe(envelope.payload).replaceAll('=', ''),
      signatures: [{ keyid: 'x', sig: urlSafe(signature!.sig) }],
    };
    expect(await submit(envelope)).toEqual(first);
    expect(await submit(respelt)).toEqual(first);
    expect(await logged()).toBe(count);
  });

  test('stands in the history that another coordinator reads', async () => {
    const set = keys();
    const { index } = await submit(signEnrolment(ben, set));
    const other = await quorum().start();
    const answer = await new CoordinatorClient(other.url).get(`/v1/keys/${set.attestation.id}`);
    expect(await answer.json()).toMatchObject({ state: 'active', keyIndex: index });
    await quorum().stop(other);
  });
});

describe('a builder’s keys', () => {
  test('keep its id through rotations, and tell each', async () => {
    const [first, second, third] = [keys(), keys(), keys()];
    const { id } = first.attestation;
    const enrolled = await submit(signEnrolment(ann, first));
    const rotated = await submit(signRotation(ann, first.attestation, second));
    const again = signRotation(ann, second.attestation, third, { builder: id });
    const { index } = await submit(again);
    expect(await standing(first.attestation)).toMatchObject({
      builder: id,
      operator: { id: ann.id },
      state: 'active',
      keys: { attestation: toBase64(third.attestation.publicKey) },
      keyIndex: index,
      revocation: null,
      history: [enrolled.index, rotated.index, index],
    });
  });

  test.each<[string, string, number, number]>([
    ['before their period', 'unknown', 1, 365],
    ['after it', 'expired', -365, -1],
  ])('%s are %s', async (_when, state, from, until) => {
    const set = keys();
    await submit(signEnrolment(ann, set, makePeriod(from, until)));
    expect(await standing(set.attestation)).toMatchObject({ state });
  });

  test('are revoked with the reason that the operator gave', async () => {
    const set = keys();
    await submit(signEnrolment(ann, set));
    const { index } = await submit(signRevocation(ann, set.attestation, { reason: 'retired' }));
    expect(await standing(set.attestation)).toMatchObject({
      state: 'revoked',
      revocation: { logIndex: index, reason: 'retired' },
    });
  });

  test('of which nothing is logged are told as that', async () => {
    const problem = await quorum().api.refused('GET', `/v1/keys/${next().id}`);
    expect(problem).toMatchObject({ status: 404, code: 'no-key-records' });
  });
});

describe('a record that would change nothing is refused with the finding, and not logged:', () => {
  const set = keys();
  const theirs = keys();
  const retired = keys();
  const rotated = keys();
  let count = 0;

  beforeAll(async () => {
    await submit(signEnrolment(ann, set));
    await submit(signEnrolment(ben, theirs));
    await submit(signEnrolment(ann, retired));
    await submit(signRevocation(ann, retired.attestation, { reason: 'retired' }));
    await submit(signEnrolment(ann, rotated));
    await submit(signRotation(ann, rotated.attestation, keys()));
  });
  beforeEach(async () => {
    count = await logged();
  });

  /** Puts somebody else's signature to what an operator should have signed. */
  function forged(envelope: Envelope): Envelope {
    const { signatures } = signEnrolment(stranger, keys());
    return { ...envelope, signatures };
  }

  test.each<[string, number, string, () => Envelope]>([
    [
      'an operator that is not on the roster',
      403,
      'unknown-operator',
      () => signEnrolment(stranger, keys()),
    ],
    [
      'a thief of a builder’s key who calls himself an operator',
      403,
      'unknown-operator',
      () => signRotation(stranger, set.attestation, keys()),
    ],
    [
      'a thief of a builder’s key to whom it is the operator’s too',
      422,
      'unreadable',
      () => signRotation(set.attestation, set.attestation, keys()),
    ],
    [
      'a thief of a builder’s key who signs for its operator',
      422,
      'foreign-signature',
      () => forged(signRotation(ann, set.attestation, keys())),
    ],
    [
      'another operator’s rotation',
      422,
      'foreign-operator',
      () => signRotation(ben, set.attestation, keys()),
    ],
    [
      'another operator’s revocation',
      422,
      'foreign-operator',
      () => signRevocation(ben, set.attestation),
    ],
    [
      'a rotation under another builder’s id',
      422,
      'foreign-builder',
      () => signRotation(ann, set.attestation, keys(), { builder: theirs.attestation.id }),
    ],
    ['a key twice', 409, 'known-key', () => signEnrolment(ann, set, makePeriod(0, 9))],
    [
      'a rotation of a key that nobody enrolled',
      422,
      'unknown-key',
      () => signRotation(ann, next(), keys()),
    ],
    [
      'a second rotation of one key',
      409,
      'already-rotated',
      () => signRotation(ann, rotated.attestation, keys()),
    ],
    [
      'a second revocation',
      409,
      'already-revoked',
      () => signRevocation(ann, retired.attestation, { reason: 'lost' }),
    ],
    [
      'a rotation of a retired builder',
      409,
      'retired',
      () => signRotation(ann, retired.attestation, keys()),
    ],
    [
      'the operator alone',
      422,
      'no-old-signature',
      () => signRotation(ann, set.attestation, keys(), {}, true),
    ],
    [
      'a key in two places',
      422,
      'unreadable',
      () => signEnrolment(ann, { ...keys(), witness: ann }),
    ],
  ])('%s', async (_what, status, code, make) => {
    const problem = await quorum().api.refused('POST', '/v1/keys', make());
    expect(problem).toMatchObject({ status, code });
    expect(await logged()).toBe(count);
  });

  test.each<[string, unknown]>([
    ['no envelope', { payload: 'x' }],
    ['two signatures', { ...signEnrolment(ann, keys()), signatures: [{ sig: '' }, { sig: '' }] }],
    [
      'a payload beyond what a record needs',
      { ...signEnrolment(ann, keys()), payload: 'A'.repeat(40_000) },
    ],
  ])('%s', async (_what, body) => {
    const problem = await quorum().api.refused('POST', '/v1/keys', body);
    expect(problem).toMatchObject({ status: 400, code: 'malformed-request' });
    expect(await logged()).toBe(count);
  });
});

describe('at the same time', () => {
  test('of many rotations of one key one is logged, whichever coordinator takes it', async () => {
    const set = keys();
    await submit(signEnrolment(ann, set));
    const other = await quorum().start();
    const apis = [quorum().api, new CoordinatorClient(other.url)];
    const heirs = Array.from({ length: 6 }, () => signRotation(ann, set.attestation, keys()));
    const answers = await Promise.all(
      heirs.map((heir, at) => apis[at % 2]!.post('/v1/keys', heir)),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409]);
    expect((await standing(set.attestation)).history).toHaveLength(2);
    await quorum().stop(other);
  });

  test('one record submitted many times is logged once', async () => {
    const count = await logged();
    const envelope = signEnrolment(ann, keys());
    const answers = await Promise.all(Array.from({ length: 5 }, () => submit(envelope)));
    expect(new Set(answers.map(({ index }) => index)).size).toBe(1);
    expect(await logged()).toBe(count + 1);
  });
});

test('records are listed in log order, on pages', async () => {
  const all = (await records('limit=100')).records.map(({ index }) => index);
  expect(all).toEqual(all.toSorted((a, b) => a - b));
  const first = await records('limit=3');
  const second = await records(`limit=3&after=${first.next!}`);
  const pages = [...first.records, ...second.records].map(({ index }) => index);
  expect(pages).toEqual(all.slice(0, 6));
  expect(await records(`after=${all.at(-1)!}`)).toEqual({ records: [], next: null });
});
