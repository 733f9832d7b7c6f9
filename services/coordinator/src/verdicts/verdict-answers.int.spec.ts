import { jetstreamManager } from '@nats-io/jetstream';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  envelopeDigest,
  parseStatement,
  signStatement,
  unverifiedPayload,
  verdictRefusalStatement,
  verifyJoint,
  JointEnvelope,
  type Envelope,
  type Signer,
  type VerdictRefusal,
} from '#libs/attestation';
import { DISPATCH_STREAM } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { readConfig } from '#libs/platform';
import { eventually, HandBuilder, makeSigner, playRound, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, dent: 1, ella: 1 },
});

let round: string;
let verdict: Envelope;

/** Plays a round to its verdict. */
const decide = (commit: string): Promise<string> =>
  playRound(quorum().api, quorum().builders, commit);

function countersign(signer: Signer, of = verdict): Envelope {
  return signStatement(parseStatement(unverifiedPayload(of)), signer);
}

function refuse(builder: HandBuilder, over: Partial<VerdictRefusal> = {}): Envelope {
  const refusal: VerdictRefusal = {
    ...{ round, builder: builder.id, verdictSha256: sha256(unverifiedPayload(verdict)) },
    ...{ reason: 'recomputed-otherwise', message: 'the log gives split' },
    ...over,
  };
  return signStatement(verdictRefusalStatement(refusal), builder.signer);
}

async function joint(): Promise<JointEnvelope> {
  return JointEnvelope.parse(await (await quorum().api.get(`/v1/rounds/${round}/joint`)).json());
}

beforeAll(async () => {
  round = await decide('0e'.repeat(20));
  verdict = (await quorum().builders[0]!.verdict(round)).verdict;
});

test('every invited builder is told the verdict as it was logged', async () => {
  const { api, builders } = quorum();
  const logged = (await api.logged(round)).find(({ kind }) => kind === 'verdict');
  for (const builder of builders) {
    expect((await builder.verdict(round)).verdict).toEqual(logged?.envelope);
  }
});

test('before the first countersignature there is no joint statement', async () => {
  const problem = await quorum().api.refused('GET', `/v1/rounds/${round}/joint`);
  expect(problem).toMatchObject({ status: 404, code: 'no-joint-statement' });
});

describe('an answer is dropped, and nothing is written, when', () => {
  const acme = (): HandBuilder => quorum().builder('acme');
  test.each<[string, () => [HandBuilder, Envelope] | Promise<[HandBuilder, Envelope]>]>([
    ['nobody invited signed it', () => [acme(), countersign(makeSigner(99))]],
    [
      'it says to be of another builder than signed it',
      () => {
        const { signatures, ...rest } = countersign(makeSigner(99));
        const [{ sig }] = signatures as [{ sig: string }];
        return [acme(), { ...rest, signatures: [{ keyid: acme().signer.keyId, sig }] }];
      },
    ],
    [
      'it changes a word of the verdict',
      () => {
        const statement = parseStatement(unverifiedPayload(verdict));
        const predicate = { ...statement.predicate, verificationResult: 'PASSED ' };
        return [acme(), signStatement({ ...statement, predicate }, acme().signer)];
      },
    ],
    ['it refuses another verdict', () => [acme(), refuse(acme(), { verdictSha256: sha256('x') })]],
    ['it refuses for another builder', () => [acme(), refuse(acme(), { builder: 'somebody' })]],
    ['it refuses another round', () => [acme(), refuse(acme(), { round: sha256('x') })]],
  ])('%s', async (_what, make) => {
    const { api } = quorum();
    const before = await api.logged(round);
    const dropped = await api.metric('quorum_envelopes_total', { outcome: 'refused' });
    const [builder, envelope] = await make();
    await builder.answer(round, envelope);
    await expect
      .poll(() => api.metric('quorum_envelopes_total', { outcome: 'refused' }))
      .toBe(dropped + 1);
    expect(await api.logged(round)).toHaveLength(before.length);
  });

  test('its round is not decided', async () => {
    const { api } = quorum();
    const open = await api.open({ commit: '0f'.repeat(20) });
    const dropped = await api.metric('quorum_envelopes_total', { outcome: 'refused' });
    await acme().answer(open, countersign(acme().signer));
    await expect
      .poll(() => api.metric('quorum_envelopes_total', { outcome: 'refused' }))
      .toBe(dropped + 1);
    expect(await api.logged(open)).toHaveLength(1);
  });
});

test('the joint statement grows as members come back, and refusals stand beside it', async () => {
  const { api, builders } = quorum();
  const keys = builders.map(({ signer }) => signer.publicKey);
  for (const [at, builder] of builders.slice(0, 4).entries()) {
    const envelope = countersign(builder.signer);
    await builder.answer(round, envelope);
    await builder.receipt(envelope);
    expect(verifyJoint(await joint(), keys, at + 1).signers).toHaveLength(at + 1);
  }
  expect(() => verifyJoint({ ...verdict }, keys, 1)).toThrow();
  const [refuser] = builders.slice(4);
  const refusal = refuse(refuser!);
  await refuser!.answer(round, refusal);
  await refuser!.receipt(refusal);
  const statement = await joint();
  expect(statement.payload).toBe(verdict.payload);
  expect(() => verifyJoint(statement, keys, 5)).toThrow();
  const { answers } = await api.report(round);
  expect(answers).toEqual({
    countersigned: builders.slice(0, 4).map(({ id }) => id),
    refused: [
      { builder: refuser!.id, reason: 'recomputed-otherwise', message: 'the log gives split' },
    ],
  });
  const markdown = await (await api.get(`/v1/rounds/${round}/report.md`)).text();
  expect(markdown).toContain('4 of 5 builders countersigned the verdict; refused by');
});

test('a builder answers once; the same answer again brings its receipt again', async () => {
  const { api } = quorum();
  const acme = quorum().builder('acme');
  const before = await api.logged(round);
  const dropped = await api.metric('quorum_envelopes_total', { outcome: 'refused' });
  await acme.answer(round, refuse(acme));
  await expect
    .poll(() => api.metric('quorum_envelopes_total', { outcome: 'refused' }))
    .toBe(dropped + 1);
  expect(await api.metric('quorum_envelopes_total', { kind: 'answer', outcome: 'logged' })).toBe(5);
  const same = countersign(acme.signer);
  await acme.answer(round, same);
  await acme.receipt(same, 2);
  expect(await api.logged(round)).toHaveLength(before.length);
  expect(
    before.filter(({ envelope }) => envelopeDigest(envelope) === envelopeDigest(same)),
  ).toEqual([expect.objectContaining({ kind: 'countersignature', builder: acme.id })]);
});

test('a verdict is told again where JetStream has lost it, though its round has ended', async () => {
  const { builders, nats } = quorum();
  const { streams } = await jetstreamManager(nats);
  await streams.delete(DISPATCH_STREAM.name);
  const again = new HandBuilder(builders[1]!.signer, builders[1]!.operator, nats);
  await eventually('a stream to listen to', async () => {
    await again.listen();
    return true;
  });
  expect((await again.verdict(round)).verdict).toEqual(verdict);
  await again.stop();
});
