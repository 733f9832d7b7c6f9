import { beforeAll, describe, expect, test } from 'vitest';
import type { Envelope, RosterBuilder, RosterEntry, Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { lockLog } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  eventually,
  makePeriod,
  makeResult,
  makeSigner,
  signCommit,
  signEnrolment,
  signResult,
  signRevocation,
  signRotation,
  useQuorum,
  type HandBuilder,
  type HandKeys,
  type SealedResult,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const OPERATORS = ['acme', 'bits', 'coop', 'doom', 'echo', 'fern', 'gale', 'hull'] as const;
type Name = (typeof OPERATORS)[number];

const operatorOf = (name: Name): Signer => makeSigner(200 + OPERATORS.indexOf(name));
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, doom: 1, echo: 1, fern: 1, gale: 1, hull: 1, last: 1 },
});
let seed = 20;
let opened = 0;

function next(): Signer {
  seed += 1;
  return makeSigner(seed);
}

function keys(attestation = next()): HandKeys {
  return { attestation, witness: next(), nats: next() };
}

async function submit(envelope: Envelope): Promise<number> {
  const response = await quorum().api.post('/v1/keys', envelope);
  expect(response.status).toBe(200);
  return ((await response.json()) as { index: number }).index;
}

async function open(builders?: readonly HandBuilder[]): Promise<string> {
  opened += 1;
  const commit = opened.toString(16).padStart(40, '0');
  if (builders === undefined) return quorum().api.open({ commit });
  return quorum().api.open({ commit, threshold: '2', builders: builders.map(({ id }) => id) });
}

async function rosterOf(round: string, heard: HandBuilder): Promise<readonly RosterEntry[]> {
  return (await heard.invitation(round)).open.roster;
}

function seatOf(roster: readonly RosterEntry[], { id }: HandBuilder): RosterBuilder | undefined {
  return roster.flatMap(({ builders }) => builders).find(({ builder }) => builder === id);
}

/** What a builder signs with a key of its own choice. */
async function sealed(builder: HandBuilder, round: string, signer: Signer): Promise<SealedResult> {
  const { open: asked } = await builder.invitation(round);
  const answered = { round, release: asked.release, builder: builder.id };
  const result = signResult(makeResult(answered), signer);
  return { result, commit: signCommit(round, result, signer, { builder: builder.id }) };
}

/** Sends something that has to be refused, and waits until it was. */
async function isRefused(send: () => Promise<void>): Promise<void> {
  const count = (outcome: string): Promise<number> =>
    quorum().api.metric('quorum_envelopes_total', { outcome });
  const before = [await count('refused'), await count('logged')];
  await send();
  await eventually(
    'a refusal',
    async () => count('refused'),
    (now) => now > before[0]!,
  );
  expect(await count('logged')).toBe(before[1]);
}

beforeAll(async () => {
  const operators = quorum().builders.map(({ operator, signer }) => ({
    operator,
    ...(operator !== 'last' && {
      publicKey: toBase64(operatorOf(operator as Name).publicKey),
    }),
    builders: [{ publicKey: toBase64(signer.publicKey) }],
  }));
  await quorum().writeRoster(JSON.stringify({ operators }));
});

test('a rotated builder takes part under its old id, with its present key', async () => {
  const [acme, last] = [quorum().builder('acme'), quorum().builder('last')];
  const [first, second] = [keys(acme.signer), keys()];
  const operator = operatorOf('acme');
  const enrolledAt = await submit(signEnrolment(operator, first));
  const before = await rosterOf(await open([acme, last]), acme);
  expect(seatOf(before, acme)).toEqual({
    builder: acme.id,
    publicKey: toBase64(acme.signer.publicKey),
    keyIndex: enrolledAt,
  });
  const keyIndex = await submit(signRotation(operator, acme.signer, second));
  const round = await open([acme, last]);
  const roster = await rosterOf(round, acme);
  expect(seatOf(roster, acme)).toEqual({
    builder: acme.id,
    publicKey: toBase64(second.attestation.publicKey),
    keyIndex,
  });
  expect(roster.find((entry) => entry.operator === 'acme')).toMatchObject({
    publicKey: toBase64(operator.publicKey),
  });
  // Of the other the roster file alone speaks, and the evidence shows it.
  expect(seatOf(roster, last)).toEqual({
    builder: last.id,
    publicKey: toBase64(last.signer.publicKey),
  });
  expect(roster.find((entry) => entry.operator === 'last')).not.toHaveProperty('publicKey');

  const mine = await sealed(acme, round, second.attestation);
  const theirs = last.seal(await last.invitation(round));
  for (const [builder, { commit }] of [
    [acme, mine],
    [last, theirs],
  ] as const) {
    await builder.commit(commit);
    await builder.receipt(commit);
  }
  for (const builder of [acme, last]) await builder.close(round);
  await acme.reveal(mine.result);
  await last.reveal(theirs.result);
  const report = await quorum().api.reportIn('final', round);
  expect(report.artifacts[0]).toMatchObject({ verdict: 'reproduced' });
  expect(report.artifacts[0]?.clusters[0]?.builders).toContain(acme.id);
});

describe('in mid-round', () => {
  test('a rotation ends the old key: its commit is refused, before it counts', async () => {
    const [bits, last] = [quorum().builder('bits'), quorum().builder('last')];
    const operator = operatorOf('bits');
    await submit(signEnrolment(operator, keys(bits.signer)));
    const round = await open([bits, last]);
    const { commit } = await sealed(bits, round, bits.signer);
    const second = keys();
    await submit(signRotation(operator, bits.signer, second));
    await isRefused(() => bits.commit(commit));
    // The round asks the old key: the new one is no way around that.
    const anew = await sealed(bits, round, second.attestation);
    await isRefused(() => bits.commit(anew.commit));
    const entries = await quorum().api.logged(round);
    expect(entries.map(({ kind }) => kind)).toEqual(['round-open']);
  });

  test('a revocation takes back nothing that the key had committed to', async () => {
    const [coop, last] = [quorum().builder('coop'), quorum().builder('last')];
    const operator = operatorOf('coop');
    await submit(signEnrolment(operator, keys(coop.signer), makePeriod(-1, 365)));
    const round = await open([coop, last]);
    const { commit, result } = await sealed(coop, round, coop.signer);
    await coop.commit(commit);
    await coop.receipt(commit);
    await submit(signRevocation(operator, coop.signer));
    await quorum().api.close(round);
    await coop.close(round);
    await coop.reveal(result);
    await coop.receipt(result);
    const report = await quorum().api.reportIn('final', round);
    expect(report.artifacts[0]?.clusters[0]?.builders).toEqual([coop.id]);
  });

  test('a revoked key commits to nothing any more', async () => {
    const [doom, last] = [quorum().builder('doom'), quorum().builder('last')];
    const round = await open([doom, last]);
    const { commit } = await sealed(doom, round, doom.signer);
    await submit(signEnrolment(operatorOf('doom'), keys(doom.signer)));
    await submit(signRevocation(operatorOf('doom'), doom.signer, { reason: 'lost' }));
    await isRefused(() => doom.commit(commit));
  });

  test('an enrolment for a time that is over ends a key that the roster alone knew', async () => {
    const [fern, last] = [quorum().builder('fern'), quorum().builder('last')];
    const round = await open([fern, last]);
    const { commit } = await sealed(fern, round, fern.signer);
    await submit(signEnrolment(operatorOf('fern'), keys(fern.signer), makePeriod(-9, -1)));
    await isRefused(() => fern.commit(commit));
  });

  test('an enrolment by another than the invited operator ends what the roster knew', async () => {
    const [gale, last] = [quorum().builder('gale'), quorum().builder('last')];
    const round = await open([gale, last]);
    const { commit } = await sealed(gale, round, gale.signer);
    await submit(signEnrolment(operatorOf('acme'), keys(gale.signer)));
    await isRefused(() => gale.commit(commit));
  });

  test('an enrolment with the very key of the roster changes nothing for it', async () => {
    const [echo, last] = [quorum().builder('echo'), quorum().builder('last')];
    const round = await open([echo, last]);
    const { commit } = await sealed(echo, round, echo.signer);
    await submit(signEnrolment(operatorOf('echo'), keys(echo.signer)));
    await echo.commit(commit);
    await echo.receipt(commit);
  });
});

describe('a builder whose key has ended', () => {
  test('is left out of an open invitation', async () => {
    const round = await open();
    const roster = await rosterOf(round, quorum().builder('last'));
    // coop and doom were revoked, fern has expired, gale is another operator's.
    expect(roster.map(({ operator }) => operator)).toEqual([
      'acme',
      'bits',
      'echo',
      'hull',
      'last',
    ]);
  });

  test.each<[Name, RegExp]>([
    ['coop', /was revoked/],
    ['doom', /was revoked/],
    ['fern', /has expired/],
    ['gale', /not its operator on the roster/],
  ])('%s is refused where it is named', async (name, reason) => {
    const builders = [quorum().builder(name).id, quorum().builder('last').id];
    const request = { commit: 'ff'.repeat(20), threshold: '2', builders };
    const problem = await quorum().api.refused('POST', '/v1/rounds', request);
    expect(problem).toMatchObject({ status: 422, code: 'key-not-active' });
    expect(problem.detail).toMatch(reason);
  });
});

test('a rotation that comes first is not overlooked by a round that is being opened', async () => {
  const { api, dataSource } = quorum();
  const [hull, last] = [quorum().builder('hull'), quorum().builder('last')];
  await submit(signEnrolment(operatorOf('hull'), keys(hull.signer)));
  const rotation = signRotation(operatorOf('hull'), hull.signer, keys());
  const request = { commit: 'dd'.repeat(20), threshold: '2', builders: [hull.id, last.id] };
  const answers = await dataSource.transaction(async (manager) => {
    await lockLog(manager);
    const waiting = (count: number): Promise<unknown> =>
      eventually(
        `${count} that wait for the log`,
        async () => manager.query<unknown[]>(`SELECT 1 FROM pg_locks WHERE NOT granted`),
        (rows) => rows.length === count,
      );
    // Both are under way before either can go on, the rotation first.
    const rotated = api.post('/v1/keys', rotation);
    await waiting(1);
    const opening = api.post('/v1/rounds', request);
    await waiting(2);
    return { rotated, opening };
  });
  expect((await answers.rotated).status).toBe(200);
  const refused = await answers.opening;
  expect([refused.status, await refused.text()]).toEqual([
    409,
    expect.stringContaining('roster-changed'),
  ]);
  const { open: asked } = await hull.invitation(await api.open(request));
  expect(seatOf(asked.roster, hull)?.publicKey).not.toBe(toBase64(hull.signer.publicKey));
});
