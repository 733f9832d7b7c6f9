import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RoundExplanation, type ExplanationReport } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { PlayedArtifacts, type Files } from './played-artifacts.fixture.js';
import { GUEST, playRound, SAME, type Played } from './played-round.fixture.js';

const HOSTNAME = 'etc/hostname';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, dent: 1, ella: 1, fern: 1, gwen: 1 },
});

let artifacts: ReadonlyMap<string, PlayedArtifacts>;
beforeAll(() => {
  const { nats, builders } = quorum();
  artifacts = new Map(
    builders.map(({ id, operator }) => [operator, new PlayedArtifacts(nats, id)]),
  );
  for (const played of artifacts.values()) played.listen();
});
afterAll(() => {
  for (const played of artifacts.values()) played.leave();
});

afterEach(() => {
  for (const played of artifacts.values()) {
    played.leave();
    played.lie = null;
    played.paddingBytes = 0;
    played.listen();
  }
});

const playedBy = (operator: string): PlayedArtifacts => artifacts.get(operator)!;

const FIVE = ['acme', 'bits', 'coop', 'dent', 'ella'];

/** Opens a round and plays it to its verdict. */
async function play(
  commit: string,
  said: Readonly<Record<string, Played>>,
  invited: readonly string[] = FIVE,
): Promise<string> {
  const builders = quorum().builders.filter(({ operator }) => invited.includes(operator));
  const round = await quorum().api.open({ commit, builders: builders.map(({ id }) => id) });
  await playRound({ api: quorum().api, builders, artifacts }, round, said);
  return round;
}

async function explanation(round: string): Promise<RoundExplanation> {
  const response = await quorum().api.get(`/v1/rounds/${round}/explanation`);
  return RoundExplanation.parse(await response.json());
}

function completed(round: string): Promise<RoundExplanation> {
  return eventually(
    'a complete explanation',
    () => explanation(round),
    ({ isComplete }) => isComplete,
  );
}

const onlyOne = ({ artifacts: [told] }: RoundExplanation): ExplanationReport => told!;
const named = (name: string): Files => ({ ...SAME, [HOSTNAME]: `${name}\n` });
const split = {
  acme: { files: named('vm'), facts: { 'os.wsl': 'none' } },
  bits: { files: named('vm'), facts: { 'os.wsl': 'none' } },
  coop: { files: named('pc'), facts: { 'os.wsl': 'WSL2' } },
  dent: { files: named('vm'), facts: { 'os.wsl': 'none' } },
  ella: { files: named('pc'), facts: { 'os.wsl': 'WSL2' } },
};

describe('a round that split', () => {
  let round: string;
  let told: ExplanationReport;
  beforeAll(async () => {
    for (const played of artifacts.values()) played.asked.length = 0;
    round = await play('01'.repeat(20), split);
    told = onlyOne(await completed(round));
  });

  test('is explained by what differs inside, and by the facts that go with it', () => {
    expect(told.artifact).toBe(GUEST);
    expect(told.clusters.map(({ builders }) => builders.length)).toEqual([3, 2]);
    expect(told.unseen).toEqual([]);
    const roots = told.findings.filter(({ impliedBy }) => impliedBy === undefined);
    expect(roots.map(({ difference }) => difference.location)).toEqual([['', HOSTNAME]]);
    expect(told.separators[0]?.facts.map(({ name }) => name)).toContain('os.wsl');
    expect(told.paragraph).not.toBe('');
  });

  test('moved a few pages and no image, and nobody was asked who need not be', () => {
    const { builders } = quorum();
    const compared = told.compared.flatMap(({ left, right }) => [left, right]);
    expect(compared).toHaveLength(2);
    for (const { id, operator } of builders) {
      const { asked } = playedBy(operator);
      if (compared.includes(id)) expect(asked).toContain('manifestPages');
      else expect(asked).toEqual([]);
      expect(asked.length).toBeLessThan(12);
    }
  });

  test('has it in its report and all its views, and in no list', async () => {
    const { api } = quorum();
    const report = await api.report(round);
    expect(report.explanations).toEqual([told]);
    const markdown = await (await api.get(`/v1/rounds/${round}/report.md`)).text();
    expect(markdown).toContain('### Why GuestOS differs');
    const listed = await (await api.get('/v1/rounds')).text();
    expect(listed).not.toContain(HOSTNAME);
  });

  test('is the first one that this was seen in, and a later one says so', async () => {
    expect(told.firstAffected).toMatchObject({ round, release: `ic/${'01'.repeat(20)}` });
    const later = await play('02'.repeat(20), split);
    const again = onlyOne(await completed(later));
    expect(again.firstAffected?.round).toBe(round);
    // The same machines once more are no more machines.
    expect(again.separators[0]?.rounds).toBe(1);
  });

  test('lends its numbers to later rounds of other machines', async () => {
    const said = { fern: split.acme, gwen: split.coop, ella: split.ella };
    const later = await play('0a'.repeat(20), said, Object.keys(said));
    const [best] = onlyOne(await completed(later)).separators;
    expect(best?.facts.map(({ name }) => name)).toContain('os.wsl');
    expect(best?.rounds).toBe(2);
  });

  test('counts questions and explanations', async () => {
    const { api } = quorum();
    const answered = { kind: 'manifestPages', outcome: 'answered' };
    expect(await api.metric('quorum_artifact_questions_total', answered)).toBeGreaterThan(0);
    expect(await api.metric('quorum_explanations_total')).toBeGreaterThan(0);
  });
});

describe('builders that do not answer', () => {
  test('are passed over for others of their cluster', async () => {
    playedBy('coop').leave();
    playedBy('acme').leave();
    const told = onlyOne(await completed(await play('03'.repeat(20), split)));
    expect(told.unseen).toEqual([]);
    const away = quorum().builders.filter(({ operator }) => ['acme', 'coop'].includes(operator));
    for (const { id } of away) expect(JSON.stringify(told.compared)).not.toContain(id);
  });

  test('are asked again: what the facts say is told meanwhile, also after a restart', async () => {
    const { api } = quorum();
    for (const operator of ['coop', 'ella']) playedBy(operator).leave();
    const round = await play('04'.repeat(20), split);
    const first = await eventually(
      'an explanation without bytes',
      () => explanation(round),
      ({ artifacts: found }) => found.length > 0,
    );
    expect(first.isComplete).toBe(false);
    expect(onlyOne(first).separators[0]?.facts.map(({ name }) => name)).toContain('os.wsl');
    expect(onlyOne(first).findings).toEqual([]);
    expect(onlyOne(first).unseen.length).toBeGreaterThan(0);
    expect((await api.report(round)).explanations).toHaveLength(1);
    const other = await quorum().start();
    for (const operator of ['coop', 'ella']) playedBy(operator).listen();
    const told = onlyOne(await completed(round));
    expect(told.findings).not.toEqual([]);
    await quorum().stop(other);
  });

  test('and such that signed no manifest leave what the facts say', async () => {
    const without = (played: Played): Played => ({ ...played, hasManifest: false });
    const said = { ...split, coop: without(split.coop), ella: without(split.ella) };
    const told = onlyOne(await completed(await play('05'.repeat(20), said)));
    expect(told.findings).toEqual([]);
    expect(told.unseen).toHaveLength(2);
    expect(told.factsTried).toBeGreaterThan(0);
  });
});

describe('a builder that lies', () => {
  const lies: readonly (readonly [string, PlayedArtifacts['lie']])[] = [
    [
      'other pages than it signed',
      (honest) => ('pages' in honest ? { pages: honest.pages.map(() => 'e30=') } : honest),
    ],
    [
      'no pages',
      (honest) => ('pages' in honest ? { pages: honest.pages.map(() => null) } : honest),
    ],
    ['that it has kept nothing', () => ({ refused: 'not-kept' })],
    ['with what is no answer', () => ({ pages: 'x' }) as unknown as { refused: 'busy' }],
  ];

  test.each(lies)('and answers %s cannot make anything up', async (what, lie) => {
    for (const operator of ['coop', 'ella']) playedBy(operator).lie = lie;
    const round = await play(sha256(what).slice(0, 40), split);
    const told = onlyOne(await completed(round));
    expect(told.findings).toEqual([]);
    expect(told.unseen).toHaveLength(2);
  });
});

describe('a builder that gives its root page and no more', () => {
  const instead =
    (what: object, isPage: (page: string) => boolean): PlayedArtifacts['lie'] =>
    (honest) => {
      const isKept =
        'pages' in honest &&
        honest.pages.every((page) => isPage(Buffer.from(page ?? '', 'base64').toString()));
      return isKept ? honest : (what as typeof honest);
    };
  const lies: readonly (readonly [string, PlayedArtifacts['lie']])[] = [
    ['what is no answer', instead({ pages: 'x' }, () => true)],
    ['that it has no time', instead({ refused: 'timeout' }, () => true)],
    ['less than its manifest tells', instead({ bytes: 'Mg==', masks: [] }, () => true)],
    ['no other page', instead({ pages: [null] }, (page) => page.includes('"artifact"'))],
  ];
  const firstOf = (operators: readonly string[]): string =>
    quorum()
      .builders.filter(({ operator }) => operators.includes(operator))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))[0]!.operator;

  test.each(lies)('but %s, does not silence the others of its cluster', async (what, lie) => {
    const hostile = firstOf(['acme', 'bits', 'dent']);
    playedBy(hostile).lie = lie;
    const round = await play(sha256(`${what} alone`).slice(0, 40), split);
    const told = onlyOne(await completed(round));
    expect([told.unseen, told.notTold]).toEqual([[], undefined]);
    expect(told.compared).toHaveLength(1);
    expect(JSON.stringify(told.compared)).not.toContain(quorum().builder(hostile).id);
  });

  test('is not asked for ever, where all of its cluster are like it', async () => {
    for (const operator of ['coop', 'ella']) {
      playedBy(operator).lie = lies[0]![1];
      playedBy(operator).asked.length = 0;
    }
    const told = onlyOne(await completed(await play('0d'.repeat(20), split)));
    expect([told.conclusion, told.notTold?.files]).toEqual(['unexplained', 1]);
    for (const operator of ['coop', 'ella']) {
      expect(playedBy(operator).asked).toContain('fileBytes');
    }
  });
});

describe('a builder that keeps others waiting', () => {
  const SIX = [...FIVE, 'fern'];
  const splitInThree = (slow: Files): Readonly<Record<string, Played>> => ({
    ...{ acme: { files: named('vm') }, bits: { files: named('vm') }, dent: { files: named('vm') } },
    ...{ coop: { files: slow }, ella: { files: slow } },
    fern: { files: named('pc') },
  });

  test('by no answer takes nothing from what was compared before it', async () => {
    const answering = Promise.withResolvers<undefined>();
    playedBy('fern').lie = async (honest) => answering.promise.then(() => honest);
    playedBy('fern').asked.length = 0;
    const away = (): Promise<number> =>
      quorum().api.metric('quorum_artifact_questions_total', {
        ...{ kind: 'manifestPages', outcome: 'away' },
      });
    const before = await away();
    const round = await play('0b'.repeat(20), splitInThree(named('wsl')), SIX);
    const first = await eventually(
      'a comparison of the two that answer',
      () => explanation(round),
      ({ artifacts: [told] }) => told?.compared.length === 1,
    );
    expect(first.isComplete).toBe(false);
    expect(onlyOne(first).unseen).toHaveLength(1);
    expect(onlyOne(first).paragraph).toContain('of which the bytes of 2 were compared');
    // Nobody has given up waiting for it meanwhile.
    expect(await away()).toBe(before);
    answering.resolve(undefined);
    const told = onlyOne(await completed(round));
    expect([told.compared.length, told.unseen]).toEqual([2, []]);
  });

  test('by padding its answers uses up its own share, and is asked again', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, at) => [`etc/padded-${at}`, `built by ${at}\n`]),
    );
    const base = Object.fromEntries(Object.keys(many).map((path) => [path, 'built\n']));
    const said = Object.fromEntries(
      Object.entries(splitInThree({ ...SAME, ...many })).map(([operator, { files }]) => [
        operator,
        { files: { ...base, ...files } },
      ]),
    );
    for (const operator of ['coop', 'ella']) {
      playedBy(operator).paddingBytes = 900_000;
    }
    const round = await play('0c'.repeat(20), said, SIX);
    const told = await eventually(
      'both comparisons',
      () => explanation(round),
      ({ artifacts: [told] }) => told?.compared.length === 2,
    );
    const { notTold, conclusion, findings } = onlyOne(told);
    expect([told.isComplete, conclusion]).toEqual([false, 'unexplained']);
    expect(notTold?.files).toBeGreaterThan(0);
    expect(notTold?.files).toBeLessThan(120);
    const places = findings.map(({ difference }) => difference.location.at(-1));
    expect(places).toContain(HOSTNAME);
    for (const operator of ['coop', 'ella']) playedBy(operator).paddingBytes = 0;
    const whole = onlyOne(await completed(round));
    expect(whole.notTold).toBeUndefined();
  });
});

describe('a round without a split', () => {
  test('has nothing to be explained', async () => {
    const round = await play('06'.repeat(20), {});
    expect(await explanation(round)).toMatchObject({ isComplete: true, artifacts: [] });
    expect((await quorum().api.report(round)).explanations).toBeUndefined();
  });

  test('tells how builds failed, apart from what differs', async () => {
    const round = await play('07'.repeat(20), { ella: { files: null }, dent: { files: null } });
    const { failureGroups, explanations } = await quorum().api.report(round);
    expect(explanations).toBeUndefined();
    expect(failureGroups?.map((group) => [group.class, group.builders.length])).toEqual([
      ['out-of-space', 2],
    ]);
  });
});

test('a round that is not known, or not decided, has no explanation', async () => {
  const { api } = quorum();
  const path = (round: string): string => `/v1/rounds/${round}/explanation`;
  expect(await api.refused('GET', path('ab'.repeat(32)))).toMatchObject({
    status: 404,
    code: 'no-explanation',
  });
  const open = await api.open({ commit: '08'.repeat(20) });
  expect(await api.refused('GET', path(open))).toMatchObject({ code: 'no-explanation' });
  expect(await api.refused('GET', path('x'))).toMatchObject({ code: 'malformed-request' });
});

test('what a database has no row for is made up for at the next start', async () => {
  const { api, dataSource } = quorum();
  const round = await play('09'.repeat(20), split);
  const before = onlyOne(await completed(round));
  await dataSource.query('DELETE FROM "explanation" WHERE "round" = $1', [round]);
  // An answer that is kept is looked at again within a moment, whoever changed the database.
  await eventually(
    'an explanation that is gone',
    () => api.get(`/v1/rounds/${round}/explanation`),
    ({ status }) => status === 404,
  );
  const other = await quorum().start();
  const after = await completed(round);
  await quorum().stop(other);
  expect(onlyOne(after).findings).toEqual(before.findings);
});
