import { beforeAll, describe, expect, test } from 'vitest';
import {
  declineStatement,
  openEnvelope,
  parseStatement,
  readRoundAmend,
  signStatement,
  type Statement,
} from '#libs/attestation';
import { SUBJECTS } from '#libs/contracts';
import { checkDatabase } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum, type HandBuilder } from '#libs/testing';
import { ed25519Verifier } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { register } from './registered.fixture.js';

const OPERATORS = ['anna', 'bela', 'cleo', 'dora', 'emil', 'finn'] as const;
type Operator = (typeof OPERATORS)[number];

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: Object.fromEntries(OPERATORS.map((operator) => [operator, 1])),
  environment: { VANISHED_SECONDS: '1', CALIBRATE_BUILDERS: 'false' },
});
let opened = 0;

function builder(operator: string): HandBuilder {
  return quorum().builder(operator);
}

function commit(): string {
  opened += 1;
  return opened.toString(16).padStart(40, '0');
}

/** Has the registry know these machines, and nothing of the others. */
async function know(
  machines: Partial<Record<Operator, Parameters<typeof register>[2]>>,
): Promise<void> {
  const { dataSource } = quorum();
  await dataSource.query('DELETE FROM "builder"');
  await dataSource.query('UPDATE "round_builder" SET "invited_at" = NULL');
  for (const [operator, machine] of Object.entries(machines)) {
    await register(dataSource, builder(operator), machine);
  }
}

/** Everybody that is not told of was last heard of long ago. */
async function knowOnly(
  machines: Partial<Record<Operator, Parameters<typeof register>[2]>>,
): Promise<void> {
  const away = { lastSeenAt: new Date(0) };
  await know({ ...Object.fromEntries(OPERATORS.map((name) => [name, away])), ...machines });
}

async function commitTo(round: string, operator: string, variant?: string) {
  const one = builder(operator);
  const sealed = one.seal(await one.invitation(round), variant);
  await one.commit(sealed.commit);
  await one.receipt(sealed.commit);
  return sealed;
}

/** Commits, and shows its result once the round has closed, as it has to. */
async function play(round: string, operator: string, variant?: string): Promise<void> {
  const { result } = await commitTo(round, operator, variant);
  const one = builder(operator);
  void one.close(round).then(() => one.reveal(result));
}

const invited = async (round: string): Promise<string[]> =>
  (await quorum().api.report(round)).builders.map(({ operator }) => operator);

beforeAll(async () => {
  await know({});
});

describe('a round that asks for kinds of builders', () => {
  test('invites those that meet it, and tells why each was taken or left', async () => {
    await knowOnly({
      anna: { machine: { virtualisation: 'none' } },
      bela: { machine: { virtualisation: 'kvm' } },
      cleo: { machine: { virtualisation: 'vmware' } },
      dora: { machine: { virtualisation: 'kvm', ramBytes: 4 * 1024 ** 3 } },
    });
    const { api } = quorum();
    const ask = {
      operators: 3,
      atLeast: [{ count: 1, where: { virtualisation: 'none' } }],
      distinct: [{ fact: 'hypervisor' as const, count: 2 }],
      each: { ramBytes: 16 * 1024 ** 3 },
    };
    const round = await api.open({ commit: commit(), ask });
    expect(await invited(round)).toEqual(['anna', 'bela', 'cleo']);
    const { choice } = (await api.report(round)).round!;
    expect(choice).toMatchObject({
      ...{ ask, replacements: [], leftCount: 3 },
      text: 'operators=3, virtualisation:none>=1, distinct hypervisor>=2, each ram>=16GiB',
    });
    expect(choice!.taken[0]).toMatchObject({ builder: builder('anna').id, operator: 'anna' });
    expect(choice!.taken[0]!.reason).toContain('virtualisation:none>=1');
    expect(choice!.left.map(({ operator, reason }) => `${operator} ${reason}`)).toEqual([
      'dora has 4 GiB of memory where 16 GiB are asked',
      'emil has not been heard of lately',
      'finn has not been heard of lately',
    ]);
    const { open, urgency } = await builder('anna').invitation(round);
    expect(urgency).toEqual({ class: 'release', by: open.closesAt });
    // What was asked is the coordinator's matter: what is signed says who is invited, as ever.
    expect(open).not.toHaveProperty('ask');
  });

  test('is refused with each demand that cannot be met, and what would meet it', async () => {
    await knowOnly({ anna: {}, bela: { tags: ['eu'] }, cleo: {} });
    const before = await quorum().contents();
    const problem = await quorum().api.refused('POST', '/v1/rounds', {
      commit: commit(),
      ask: { operators: 3, atLeast: [{ count: 2, where: { tags: ['eu'] } }] },
    });
    expect(problem).toMatchObject({ code: 'ask-unmet', status: 409 });
    expect(problem.detail).toContain('tag:eu>=2 has 1 of 2: 1 more builder with tag:eu');
    expect(problem.detail).not.toContain('operators=3');
    expect(problem.detail).toContain('of dora has not been heard of lately');
    expect(await quorum().contents()).toEqual(before);
  });

  test('prefers calibrated builders, then those that were asked longest ago', async () => {
    const passed = { outcome: 'passed', round: null, at: null, differs: [] };
    await know({ emil: { calibration: passed }, finn: { calibration: passed } });
    const { api } = quorum();
    const ask = { operators: 3 };
    const first = await invited(await api.open({ commit: commit(), ask }));
    expect(first).toEqual(expect.arrayContaining(['emil', 'finn']));
    const third = first.find((operator) => operator !== 'emil' && operator !== 'finn');
    const second = await invited(await api.open({ commit: commit(), ask }));
    expect(second).not.toContain(third);
  });
});

describe('a builder that declines', () => {
  test('is accounted for: the round closes at once, and counts it as one that said nothing', async () => {
    await know({});
    const { api } = quorum();
    const ids = ['anna', 'bela', 'cleo'].map((operator) => builder(operator).id);
    const round = await api.open({ commit: commit(), builders: ids, threshold: '2' });
    await builder('cleo').invitation(round);
    const envelope = await builder('cleo').decline(round, 'not-enough-disk');
    await builder('cleo').receipt(envelope);
    const told = (await api.report(round)).builders.find(({ operator }) => operator === 'cleo');
    expect(told).toMatchObject({ state: 'declined', declined: 'not-enough-disk' });
    await play(round, 'anna');
    expect((await api.report(round)).round!.phase).toBe('open');
    await play(round, 'bela');
    const report = await api.reportIn('final', round);
    expect(report.round).toMatchObject({ closeReason: 'all-accounted', eligible: 3, needed: 2 });
    expect(report.artifacts[0]).toMatchObject({
      verdict: 'reproduced',
      missing: [{ operator: 'cleo', builder: builder('cleo').id }],
    });
    expect((await api.logged(round)).map(({ kind }) => kind)).toContain('decline');
  });

  test('is taken at its word where it commits after all', async () => {
    const { api } = quorum();
    const ids = ['anna', 'bela'].map((operator) => builder(operator).id);
    const round = await api.open({ commit: commit(), builders: ids, threshold: '2' });
    await builder('anna').invitation(round);
    await builder('anna').receipt(await builder('anna').decline(round));
    await play(round, 'anna');
    await play(round, 'bela');
    const report = await api.reportIn('final', round);
    expect(report.round!.closeReason).toBe('all-committed');
    expect(report.artifacts[0]!.verdict).toBe('reproduced');
    expect(report.builders.map(({ state }) => state)).toEqual(['built', 'built']);
  });

  test.each<[string, (round: string) => Promise<unknown>]>([
    ['it has committed', async (round) => commitTo(round, 'anna')],
    [
      'it declined before',
      async (round) => builder('anna').receipt(await builder('anna').decline(round)),
    ],
    ['the round is closed', async (round) => quorum().api.close(round)],
  ])('is not heard once %s', async (_when, prepare) => {
    const { api } = quorum();
    const ids = ['anna', 'bela'].map((operator) => builder(operator).id);
    const round = await api.open({ commit: commit(), builders: ids, threshold: '2' });
    await builder('anna').invitation(round);
    await prepare(round);
    const before = (await api.logged(round)).length;
    const dropped = await api.metric('quorum_envelopes_total', { outcome: 'refused' });
    await builder('anna').decline(round, 'operator');
    await expect
      .poll(() => api.metric('quorum_envelopes_total', { outcome: 'refused' }))
      .toBe(dropped + 1);
    expect(await api.logged(round)).toHaveLength(before);
  });
});

test('a decline in another’s name, or for a round that it is not in, is dropped and counted', async () => {
  const { api } = quorum();
  const ids = ['anna', 'bela'].map((operator) => builder(operator).id);
  const round = await api.open({ commit: commit(), builders: ids, threshold: '2' });
  const declineOf = (id: string): Statement =>
    declineStatement({ round, builder: id, reason: 'busy', declinedAt: new Date().toISOString() });
  const cleo = builder('cleo');
  for (const forged of [builder('anna').id, cleo.id]) {
    const dropped = await api.metric('quorum_envelopes_total', { outcome: 'refused' });
    const envelope = signStatement(declineOf(forged), cleo.signer);
    await cleo.send(SUBJECTS.declined, JSON.stringify({ envelope }));
    await expect
      .poll(() => api.metric('quorum_envelopes_total', { outcome: 'refused' }))
      .toBe(dropped + 1);
  }
  const { builders } = await api.report(round);
  expect(builders.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
});

describe('a round that asks for kinds of builders finds another', () => {
  test('for one that declines and one that vanishes, and comes to the right verdict', async () => {
    await knowOnly({ anna: {}, bela: {}, cleo: { lastSeenAt: null } });
    const { api, signer } = quorum();
    const round = await api.open({ commit: commit(), ask: { operators: 3 }, threshold: '3/5' });
    expect(await invited(round)).toEqual(['anna', 'bela', 'cleo']);
    const { dataSource } = quorum();
    for (const operator of ['dora', 'emil']) await register(dataSource, builder(operator));
    await play(round, 'anna');
    await builder('bela').invitation(round);
    await builder('bela').decline(round, 'busy');
    const replaced = await eventually('two replacements', async () => {
      const { choice } = (await api.report(round)).round!;
      const by = choice!.replacements.flatMap((one) => one.by);
      return by.length === 2 ? choice!.replacements : undefined;
    });
    expect(replaced.map(({ operator, because }) => `${operator} ${because}`).toSorted()).toEqual([
      'bela declined',
      'cleo vanished',
    ]);
    const { amends } = await builder('emil').invitation(round);
    for (const amend of amends) {
      const { added } = readRoundAmend(parseStatement(openEnvelope(amend, signer.publicKey)));
      expect(['dora', 'emil']).toContain(added[0]!.operator);
    }
    const early = await api.report(round);
    expect(early.round).toMatchObject({ eligible: 5, needed: 3 });
    expect(early.builders.find(({ operator }) => operator === 'cleo')?.hasVanished).toBe(true);
    await play(round, 'dora');
    await play(round, 'emil');
    // Whoever comes back counts as ever.
    await play(round, 'cleo', 'other');
    const report = await api.reportIn('final', round);
    expect(report.round!.closeReason).toBe('all-accounted');
    expect(report.artifacts[0]).toMatchObject({ verdict: 'reproduced', needed: 3 });
    expect(report.artifacts[0]!.clusters.map(({ operators }) => operators)).toEqual([
      ['anna', 'dora', 'emil'],
      ['cleo'],
    ]);
  });

  test('closes without one where nobody is left, and says so', async () => {
    await knowOnly({ anna: {}, bela: {} });
    const { api } = quorum();
    const round = await api.open({ commit: commit(), ask: { operators: 2 }, threshold: '2' });
    await play(round, 'anna');
    await builder('bela').invitation(round);
    await builder('bela').decline(round, 'paused');
    const report = await api.reportIn('final', round);
    expect(report.round!.choice!.replacements).toMatchObject([
      {
        operator: 'bela',
        because: 'declined',
        by: [],
        note: expect.stringContaining('1 more operator') as string,
      },
    ]);
    expect(report.artifacts[0]!.verdict).toBe('insufficient');
  });

  test('adds nobody where a fixed threshold would be no majority any more, and says so', async () => {
    await knowOnly({ anna: {}, bela: {}, cleo: {} });
    const { api } = quorum();
    const round = await api.open({ commit: commit(), ask: { operators: 3 }, threshold: '2' });
    await register(quorum().dataSource, builder('dora'));
    await builder('bela').invitation(round);
    await builder('bela').decline(round, 'busy');
    const [told] = await eventually('a note', async () => {
      const { choice } = (await api.report(round)).round!;
      return choice!.replacements.length > 0 ? choice!.replacements : undefined;
    });
    expect(told!.by).toEqual([]);
    expect(told!.note).toContain('more than half');
    expect(await invited(round)).toHaveLength(3);
  });
});

test('the log of all this is sound, and every row is as the log makes it', async () => {
  const { dataSource, signer } = quorum();
  const origin = 'log.example/spec';
  const verifier = ed25519Verifier(origin, signer.publicKey);
  const found = await dataSource.transaction('REPEATABLE READ', async (manager) =>
    checkDatabase(manager, { origin, verifier, publicKey: signer.publicKey }),
  );
  expect(found).toMatchObject({ finding: null });
});
