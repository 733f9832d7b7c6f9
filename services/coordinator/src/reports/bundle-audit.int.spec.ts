import { beforeAll, expect, test } from 'vitest';
import { PolicyFile } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { parseBundle, readAuditor, verifyBundle, type Audit } from '#libs/evidence';
import { readConfig } from '#libs/platform';
import {
  makeResult,
  makeSigner,
  signCommit,
  signEnrolment,
  signResult,
  signRotation,
  useQuorum,
  type HandKeys,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});
const operator = makeSigner(200);
const second = makeSigner(30);
const keysOf = (attestation: typeof second, seed: number): HandKeys => ({
  attestation,
  witness: makeSigner(seed),
  nats: makeSigner(seed + 1),
});

let text: string;
beforeAll(async () => {
  const { api, builders } = quorum();
  const acme = quorum().builder('acme');
  const operators = builders.map(({ operator: name, signer }) => ({
    operator: name,
    ...(name === 'acme' && { publicKey: toBase64(operator.publicKey) }),
    builders: [{ publicKey: toBase64(signer.publicKey) }],
  }));
  await quorum().writeRoster(JSON.stringify({ operators }));
  const old = keysOf(acme.signer, 60);
  await api.post('/v1/keys', signEnrolment(operator, old));
  await api.post('/v1/keys', signRotation(operator, acme.signer, keysOf(second, 70)));
  // Between the record that a roster names and the round that names it.
  await api.open({ commit: '0e'.repeat(20) });
  await api.open({ commit: '0f'.repeat(20) });
  const round = await api.open({ commit: '0d'.repeat(20), threshold: '2' });
  const invitation = await acme.invitation(round);
  const sealed = builders.map((builder) => {
    const signer = builder === acme ? second : builder.signer;
    const answered = { round, release: invitation.open.release, builder: builder.id };
    const result = signResult(makeResult(answered), signer);
    return { builder, result, commit: signCommit(round, result, signer, { builder: builder.id }) };
  });
  for (const { builder, commit } of sealed) await builder.commit(commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const { builder, result } of sealed) await builder.reveal(result);
  await api.reportIn('final', round);
  text = await (await api.get(`/v1/rounds/${round}/bundle`)).text();
});

async function audit(bundle: string, over: Partial<PolicyFile> = {}): Promise<Audit> {
  const vkey = await (await quorum().api.get('/v1/log/key')).text();
  const policy = PolicyFile.parse({
    log: [vkey.trim()],
    threshold: '2',
    operators: quorum().builders.map(({ operator: name, id }) => ({
      operator: name,
      builders: [id],
    })),
    ...over,
  });
  const verifyCertificate = () => Promise.reject(new Error('there is no certificate'));
  return verifyBundle(bundle, readAuditor(policy), { at: new Date(), verifyCertificate });
}

test('a served bundle is whole: an auditor who demands every leaf finds nothing wrong', async () => {
  const { findings, artifacts, needed } = await audit(text);
  expect(findings).toEqual([]);
  expect(needed).toBe(2);
  expect(artifacts.map(({ name }) => name)).toContain('guestos/update-img');
});

test('it shows bare what stands between a builder’s key and the round, and would be missed without', async () => {
  const { lines } = parseBundle(text);
  const bare = lines.filter(({ type }) => type === 'leaf');
  expect(bare).toHaveLength(2);
  const cut = text
    .split('\n')
    .filter((line) => !line.includes('"type":"leaf"'))
    .join('\n');
  expect((await audit(cut)).findings).not.toEqual([]);
});

test('the whole log is given to whom its policy asks for it', async () => {
  const { api } = quorum();
  await api.open({ commit: '0c'.repeat(20) });
  const path = `/v1/rounds/${parseBundle(text).header?.round ?? ''}/bundle`;
  const whole = await (await api.get(`${path}?log=whole`)).text();
  const ruleOf = async (bundle: string) => {
    const { findings, rules } = await audit(bundle, { wholeLog: true });
    expect(findings).toEqual([]);
    return rules.find(({ rule }) => rule === 'whole-log')?.isKept;
  };
  expect([await ruleOf(whole), await ruleOf(text)]).toEqual([true, false]);
  expect(await api.refused('GET', `${path}?log=half`)).toMatchObject({ status: 400 });
});
