import { beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  Agreement,
  ArtifactList,
  AttestationList,
  BuilderHistory,
  CoordinatorPolicies,
  OperatorList,
  ProposalList,
  ReleaseList,
  RoundEnvironments,
  RoundList,
} from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const COMMITS = { agreed: '0a'.repeat(20), open: '0b'.repeat(20), revealing: '0c'.repeat(20) };
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});
/** Newest first. */
let rounds: { revealing: string; open: string; again: string; agreed: string };

async function read<S extends z.ZodType>(schema: S, path: string): Promise<z.infer<S>> {
  const response = await quorum().api.get(path);
  expect(response.status, path).toBe(200);
  return schema.parse(await response.json());
}

/** All pages of a list, one line each, so that each boundary is one of pages, too. */
async function lines<S extends z.ZodType<{ next: string | null }>, T>(
  schema: S,
  path: string,
  of: (page: z.infer<S>) => readonly T[],
  cursor = 'before',
): Promise<readonly T[]> {
  const url = new URL(path, 'http://lists.example');
  url.searchParams.set('limit', '1');
  const all: T[] = [];
  for (;;) {
    const page = await read(schema, `${url.pathname}${url.search}`);
    expect(of(page).length).toBeLessThanOrEqual(1);
    all.push(...of(page));
    if (page.next === null) return all;
    url.searchParams.set(cursor, page.next);
  }
}

async function play(commit: string, until: 'commits' | 'reveals' | 'verdict'): Promise<string> {
  const { api, builders } = quorum();
  const round = await api.open({ commit });
  const playing = until === 'commits' ? builders.slice(0, 1) : builders;
  const sealed = await Promise.all(
    playing.map(async (builder) => builder.seal(await builder.invitation(round))),
  );
  for (const [at, builder] of playing.entries()) {
    await builder.commit(sealed[at]!.commit);
    await builder.receipt(sealed[at]!.commit);
  }
  if (until === 'commits') return round;
  await Promise.all(playing.map((builder) => builder.close(round)));
  const showing = until === 'verdict' ? playing : playing.slice(0, 1);
  for (const [at, builder] of showing.entries()) {
    await builder.reveal(sealed[at]!.result);
    await builder.receipt(sealed[at]!.result);
  }
  if (until === 'verdict') await api.reportIn('final', round);
  return round;
}

describe('before anything was asked for', () => {
  test.each([
    ['/v1/proposals', ProposalList],
    ['/v1/releases', ReleaseList],
    ['/v1/rounds', RoundList],
    ['/v1/artifacts', ArtifactList],
    ['/v1/operators', OperatorList],
    [`/v1/attestations?digest=${'ab'.repeat(32)}`, AttestationList],
  ] as const)('%s is an empty page', async (path, schema) => {
    const [list] = Object.values(await read<z.ZodType<object>>(schema, path)) as unknown[];
    expect(list).toEqual([]);
  });

  test.each(['agreement', 'rounds'])('nobody knows a builder, nor its %s', async (what) => {
    const refused = await quorum().api.refused('GET', `/v1/builders/nobody/${what}`);
    expect(refused).toMatchObject({ status: 404, code: 'no-such-builder' });
  });
});

describe('lists', () => {
  beforeAll(async () => {
    const north = { name: 'North', members: ['bits', 'coop'], threshold: '2' };
    expect((await quorum().api.put('/v1/groups/north', north)).status).toBe(200);
    const agreed = await play(COMMITS.agreed, 'verdict');
    const again = await play(COMMITS.agreed, 'verdict');
    const open = await play(COMMITS.open, 'commits');
    rounds = { agreed, again, open, revealing: await play(COMMITS.revealing, 'reveals') };
  });

  describe('of rounds', () => {
    test('have every round once, newest first, whatever the pages', async () => {
      const found = await lines(RoundList, '/v1/rounds', (page) => page.rounds);
      const { revealing, open, again, agreed } = rounds;
      expect(found.map(({ round }) => round)).toEqual([revealing, open, again, agreed]);
    });

    test('have the headline and the verdicts that reports have', async () => {
      const { rounds: found } = await read(RoundList, '/v1/rounds');
      for (const { round, headline, artifacts } of found) {
        const report = await quorum().api.report(round);
        expect(headline).toBe(report.headline);
        expect(artifacts.map(({ name, verdict }) => [name, verdict])).toEqual(
          report.artifacts.map(({ name, verdict }) => [name, verdict]),
        );
      }
    });

    test.each([
      ['phase=open', ['open']],
      ['phase=final', ['again', 'agreed']],
      [`commit=${COMMITS.agreed}`, ['again', 'agreed']],
      ['outcome=satisfied', ['again', 'agreed']],
      ['outcome=not-reproduced', []],
      ['operator=acme', ['revealing', 'open', 'again', 'agreed']],
      ['operator=nobody', []],
      ['builder=nobody', []],
      ['proposal=1', []],
      [`commit=${COMMITS.open}&phase=final`, []],
    ] as const)('by %s', async (filter, expected) => {
      const found = await lines(RoundList, `/v1/rounds?${filter}`, (page) => page.rounds);
      expect(found.map(({ round }) => round)).toEqual(expected.map((name) => rounds[name]));
    });
  });

  test('of releases have the newest round of each, and how many there are', async () => {
    const found = await lines(ReleaseList, '/v1/releases', (page) => page.releases);
    expect(
      found.map(({ release, rounds: count, newest }) => [release, count, newest.round]),
    ).toEqual([
      [`ic/${COMMITS.revealing}`, 1, rounds.revealing],
      [`ic/${COMMITS.open}`, 1, rounds.open],
      [`ic/${COMMITS.agreed}`, 2, rounds.again],
    ]);
  });

  describe('of attestations', () => {
    const indices = async (filter = '') => {
      const found = await lines(AttestationList, `/v1/attestations?${filter}`, (page) => {
        return page.attestations;
      });
      return found.map(({ index }) => index);
    };

    test('have all of the log, the newest entry first', async () => {
      const all = await indices();
      expect(all).toEqual(all.map((_, at) => all.length - 1 - at));
    });

    test('name round, builder, operator and release of what is logged', async () => {
      const { attestations } = await read(
        AttestationList,
        `/v1/attestations?round=${rounds.agreed}`,
      );
      const logged = await quorum().api.logged(rounds.agreed);
      expect(attestations.map(({ index, kind }) => [index, kind]).toReversed()).toEqual(
        logged.map(({ index, kind }) => [index, kind]),
      );
      const [acme] = quorum().builders;
      expect(attestations.find(({ builder }) => builder === acme!.id)).toMatchObject({
        ...{ operator: 'acme', release: `ic/${COMMITS.agreed}`, round: rounds.agreed },
      });
    });

    test('by builder, operator and commit are those that a reader of all would pick', async () => {
      const { attestations } = await read(AttestationList, '/v1/attestations?limit=100');
      const builder = quorum().builder('bits').id;
      const release = `ic/${COMMITS.agreed}`;
      const picked = (is: (row: (typeof attestations)[number]) => boolean) =>
        attestations.filter(is).map(({ index }) => index);
      const own = picked((row) => row.builder === builder);
      expect(own.length).toBeGreaterThan(4);
      expect(await indices(`builder=${builder}`)).toEqual(own);
      expect(await indices('operator=bits')).toEqual(own);
      expect(await indices(`commit=${COMMITS.agreed}`)).toEqual(
        picked((row) => row.release === release),
      );
      expect(await indices(`commit=${COMMITS.agreed}&operator=bits&kind=result`)).toEqual(
        picked(
          (row) => row.release === release && row.builder === builder && row.kind === 'result',
        ),
      );
      expect(await indices('kind=verdict')).toEqual(picked((row) => row.kind === 'verdict'));
      expect(await indices('verdict=reproduced&kind=commit')).toEqual(
        picked((row) => row.release === release && row.kind === 'commit'),
      );
      expect(await indices('fromIndex=2&toIndex=5')).toEqual([4, 3, 2]);
    });

    test('by group are those of its members', async () => {
      const { attestations } = await read(AttestationList, '/v1/attestations?limit=100');
      const own = attestations.filter(({ operator }) => ['bits', 'coop'].includes(operator ?? ''));
      expect(own.length).toBeGreaterThan(8);
      expect(await indices('group=north')).toEqual(own.map(({ index }) => index));
      expect(await indices('group=north&operator=acme')).toEqual([]);
      const refused = await quorum().api.refused('GET', '/v1/attestations?group=south');
      expect(refused).toMatchObject({ status: 404, code: 'no-such-group' });
    });

    test('by any two filters are those that both of them give alone, whatever the pages', async () => {
      const { attestations } = await read(AttestationList, '/v1/attestations?limit=100');
      const [{ digest, artifact }] = (await read(ArtifactList, '/v1/artifacts')).artifacts as [
        ArtifactList['artifacts'][number],
      ];
      const moment = encodeURIComponent(attestations[9]!.loggedAt!);
      const filters = [
        `builder=${quorum().builder('bits').id}`,
        ...['operator=coop', 'group=north', `commit=${COMMITS.agreed}`, `round=${rounds.again}`],
        ...['kind=result', `digest=${digest}`, `artifact=${artifact}`, 'verdict=reproduced'],
        ...[`since=${moment}`, `until=${moment}`, 'fromIndex=4', 'toIndex=20'],
      ];
      const alone = new Map<string, ReadonlySet<number>>();
      for (const filter of filters) alone.set(filter, new Set(await indices(filter)));
      for (const [at, one] of filters.entries()) {
        expect(alone.get(one)!.size, one).toBeGreaterThan(0);
        for (const two of filters.slice(at + 1)) {
          const expected = attestations
            .map(({ index }) => index)
            .filter((index) => alone.get(one)!.has(index) && alone.get(two)!.has(index));
          expect(await indices(`${one}&${two}`), `${one}&${two}`).toEqual(expected);
        }
      }
    });

    test('by digest and artifact are the results that counted with it', async () => {
      const { artifacts } = await read(ArtifactList, '/v1/artifacts');
      const results = async (round: string) =>
        (await quorum().api.logged(round))
          .filter(({ kind }) => kind === 'result')
          .map(({ index }) => index)
          .toReversed();
      const expected = [...(await results(rounds.again)), ...(await results(rounds.agreed))];
      const [{ digest, artifact }] = artifacts as [(typeof artifacts)[number]];
      expect(await indices(`digest=${digest}`)).toEqual(expected);
      expect(await indices(`digest=${digest}&artifact=${artifact}`)).toEqual(expected);
      expect(await indices(`artifact=${artifact}`)).toEqual(expected);
      expect(await indices('artifact=no/such')).toEqual([]);
      expect(await indices(`digest=${digest}&artifact=no/such`)).toEqual([]);
    });

    test('by time are those that were logged then', async () => {
      const { attestations } = await read(AttestationList, '/v1/attestations?limit=100');
      const middle = attestations[10]!.loggedAt!;
      const at = (row: (typeof attestations)[number]) => Date.parse(row.loggedAt!);
      const times = attestations.map(at);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      const since = encodeURIComponent(middle);
      expect(await indices(`since=${since}`)).toEqual(
        attestations.filter((row) => at(row) >= Date.parse(middle)).map(({ index }) => index),
      );
      expect(await indices(`until=${since}`)).toEqual(
        attestations.filter((row) => at(row) < Date.parse(middle)).map(({ index }) => index),
      );
      expect(await indices('since=2999-01-01T00:00:00Z')).toEqual([]);
      expect(await indices('until=2999-01-01T00:00:00Z')).toHaveLength(attestations.length);
    });
  });

  test('of artifacts tell who built which digest in which round', async () => {
    const found = await lines(ArtifactList, '/v1/artifacts', (page) => page.artifacts);
    expect(new Set(found.map(({ round }) => round))).toEqual(
      new Set([rounds.again, rounds.agreed]),
    );
    const [first] = found;
    const ids = quorum().builders.map(({ id }) => id);
    expect(first!.builders.toSorted()).toEqual(ids.toSorted());
    expect(first).toMatchObject({ verdict: 'reproduced', operators: ['acme', 'bits', 'coop'] });
    const same = await lines(
      ArtifactList,
      `/v1/artifacts?digest=${first!.digest}&name=${first!.artifact}&commit=${COMMITS.agreed}&verdict=reproduced`,
      (page) => page.artifacts,
    );
    expect(same.map(({ round }) => round)).toEqual([rounds.again, rounds.agreed]);
    const other = await read(ArtifactList, '/v1/artifacts?verdict=split');
    expect(other).toEqual({ artifacts: [], next: null });
  });

  test("of a builder's rounds tell how it stood", async () => {
    const builder = quorum().builder('acme').id;
    const found = await lines(
      BuilderHistory,
      `/v1/builders/${builder}/rounds`,
      (page) => page.rounds,
    );
    expect(found.map(({ round, phase, standing }) => [round, phase, standing])).toEqual([
      [rounds.revealing, 'revealing', null],
      [rounds.open, 'open', null],
      [rounds.again, 'final', 'agreed'],
      [rounds.agreed, 'final', 'agreed'],
    ]);
    const agreement = await read(Agreement, `/v1/builders/${builder}/agreement`);
    expect(agreement).toMatchObject({ rounds: 2, agreed: 2, disagreed: 0, rate: 1 });
  });

  test('of operators have their builders', async () => {
    const found = await lines(OperatorList, '/v1/operators', (page) => page.operators, 'after');
    expect(found).toEqual(
      ['acme', 'bits', 'coop'].map((operator) => ({
        ...{ operator, builders: [quorum().builder(operator).id] },
        newest: { round: rounds.revealing, openedAt: expect.any(String) as string },
      })),
    );
  });

  test('of machines have the facts of those that showed a result', async () => {
    const found = await read(RoundEnvironments, `/v1/rounds/${rounds.agreed}/environments`);
    expect(found.builders).toHaveLength(3);
    expect(found.facts.length).toBeGreaterThan(0);
    const differing = await read(
      RoundEnvironments,
      `/v1/rounds/${rounds.agreed}/environments?only=differences`,
    );
    expect(differing.facts).toEqual(found.facts.filter(({ differs }) => differs));
  });

  test('nothing tells what was built in a blind round before its close', async () => {
    const environments = await read(RoundEnvironments, `/v1/rounds/${rounds.open}/environments`);
    expect(environments.facts).toEqual([]);
    const { attestations } = await read(AttestationList, `/v1/attestations?round=${rounds.open}`);
    expect(attestations.map(({ kind }) => kind).toSorted()).toEqual(['commit', 'round-open']);
    const [line] = (await read(RoundList, '/v1/rounds?phase=open')).rounds;
    expect(line!.artifacts.flatMap(({ clusters }) => clusters)).toEqual([]);
    const { artifacts } = await read(ArtifactList, `/v1/artifacts?commit=${COMMITS.open}`);
    expect(artifacts).toEqual([]);
  });

  test('policies are those that rounds are opened by', async () => {
    const policies = await read(CoordinatorPolicies, '/v1/policies');
    const { round } = await quorum().api.report(rounds.open);
    expect(round).toMatchObject({ threshold: policies.threshold, blind: policies.blind });
  });

  test('a round under way is told anew with each of its entries', async () => {
    const { api } = quorum();
    const line = async () => {
      const { rounds: found } = await read(RoundList, `/v1/rounds?commit=${COMMITS.open}`);
      return found[0]!;
    };
    expect((await line()).phase).toBe('open');
    await api.close(rounds.open);
    const { phase, headline } = await line();
    expect({ phase, headline }).toEqual({
      ...{ phase: 'revealing', headline: (await api.report(rounds.open)).headline },
    });
  });
});
