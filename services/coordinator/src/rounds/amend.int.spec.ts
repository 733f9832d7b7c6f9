import { describe, expect, test } from 'vitest';
import { openEnvelope, parseStatement, readRoundAmend } from '#libs/attestation';
import { readConfig } from '#libs/platform';
import { useQuorum, type HandBuilder } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 2, bits: 1, coop: 1, doom: 1 },
});
let opened = 0;

/** Opens a round for some operators' first builders. */
async function begin(
  operators: readonly string[],
  more: { threshold?: string; blind?: boolean } = {},
): Promise<string> {
  opened += 1;
  const builders = operators.map((operator) => quorum().builder(operator).id);
  const commit = opened.toString(16).padStart(40, '0');
  return quorum().api.open({ commit, builders, ...more });
}

async function amend(round: string, ...builders: readonly HandBuilder[]): Promise<Response> {
  return quorum().api.post(`/v1/rounds/${round}/amend`, { builders: builders.map(({ id }) => id) });
}

async function play(round: string, builder: HandBuilder, variant?: string): Promise<void> {
  const { commit, result } = builder.seal(await builder.invitation(round), variant);
  await builder.commit(commit);
  await builder.receipt(commit);
  void builder.close(round).then(() => builder.reveal(result));
}

describe('an amendment', () => {
  test('brings a builder into an open round, which waits for it and counts it', async () => {
    const { api, signer } = quorum();
    const [acme, bits, coop] = ['acme', 'bits', 'coop'].map((name) => quorum().builder(name));
    const round = await begin(['acme', 'bits']);
    await play(round, acme!);
    const answer = await amend(round, coop!);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ round: { phase: 'open', eligible: 3, needed: 2 } });

    const { amends, envelope } = await coop!.invitation(round);
    expect(envelope).toEqual((await acme!.invitation(round)).envelope);
    const said = readRoundAmend(parseStatement(openEnvelope(amends[0]!, signer.publicKey)));
    expect(said.added.map(({ operator }) => operator)).toEqual(['coop']);

    await play(round, bits!, 'other');
    expect((await api.report(round)).round!.phase).toBe('open');
    await play(round, coop!);
    const report = await api.reportIn('final', round);
    expect(report.round).toMatchObject({ closeReason: 'all-committed', eligible: 3 });
    const [artifact] = report.artifacts;
    expect(artifact).toMatchObject({ verdict: 'reproduced', needed: 2 });
    expect(artifact!.clusters.map(({ operators }) => operators)).toEqual([
      ['acme', 'coop'],
      ['bits'],
    ]);
    const kinds = (await api.logged(round)).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['round-open', 'commit', 'round-amend']);
  });

  test('adds a second builder to its operator, and a second amendment tells the first', async () => {
    const round = await begin(['acme', 'bits']);
    const twin = quorum().builders[1]!;
    const doom = quorum().builder('doom');
    await amend(round, twin);
    const answer = await amend(round, doom);
    expect(await answer.json()).toMatchObject({ round: { eligible: 3 } });
    expect((await doom.invitation(round)).amends).toHaveLength(2);
    const { builders } = await quorum().api.report(round);
    expect(builders.map(({ operator }) => operator)).toEqual(['acme', 'acme', 'bits', 'doom']);
  });

  test.each<[string, (round: string) => Promise<unknown>, string[], string, number]>([
    [
      'a builder that is invited already',
      () => Promise.resolve(),
      ['coop', 'bits'],
      'already-invited',
      409,
    ],
    [
      'a round that is closed',
      async (round) => quorum().api.close(round),
      ['coop'],
      'forbidden-transition',
      409,
    ],
    [
      'more than a count of two can carry',
      () => Promise.resolve(),
      ['coop', 'doom'],
      'threshold-too-low',
      422,
    ],
  ])('is refused for %s, and leaves no trace', async (_, prepare, operators, code, status) => {
    const round = await begin(['acme', 'bits'], { threshold: '2' });
    await prepare(round);
    const before = await quorum().contents();
    const builders = operators.map((operator) => quorum().builder(operator).id);
    const problem = await quorum().api.refused('POST', `/v1/rounds/${round}/amend`, { builders });
    expect(problem).toMatchObject({ code, status });
    expect(await quorum().contents()).toEqual(before);
  });

  test('is refused for strangers, for nobody, and for rounds that are not', async () => {
    const round = await begin(['acme', 'bits']);
    const { api } = quorum();
    const path = `/v1/rounds/${round}/amend`;
    const stranger = { builders: ['aaaaa-bbbbb'] };
    expect(await api.refused('POST', path, stranger)).toMatchObject({ code: 'unknown-builder' });
    const nobody = await api.refused('POST', path, { builders: [] });
    expect(nobody).toMatchObject({ code: 'malformed-request' });
    const nowhere = `/v1/rounds/${'ee'.repeat(32)}/amend`;
    const builders = [quorum().builder('coop').id];
    expect(await api.refused('POST', nowhere, { builders })).toMatchObject({
      code: 'no-such-round',
    });
  });
});

describe('a round that is not blind', () => {
  test('takes each result after its commit, and is decided with its close, flagged', async () => {
    const { api } = quorum();
    const [acme, bits] = [quorum().builder('acme'), quorum().builder('bits')];
    const round = await begin(['acme', 'bits'], { blind: false });
    const first = acme.seal(await acme.invitation(round));
    await acme.commit(first.commit);
    await acme.receipt(first.commit);
    await acme.reveal(first.result);
    await acme.receipt(first.result);
    const early = await api.report(round);
    expect(early.round).toMatchObject({ phase: 'open', blind: false });
    expect(early.builders.map(({ state }) => state)).toContain('built');
    const second = bits.seal(await bits.invitation(round));
    await bits.commit(second.commit);
    await bits.reveal(second.result);
    const report = await api.reportIn('final', round);
    for (const { verdict, flags } of report.artifacts) {
      expect(verdict).toBe('reproduced');
      expect(flags).toContain('not-blind');
    }
  });
});
