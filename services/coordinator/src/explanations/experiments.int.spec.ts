import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseStatement, readVerdict, unverifiedPayload, type Experiment } from '#libs/attestation';
import { RoundExplanation, RoundList, type ExplanationReport, type Report } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { PlayedArtifacts, type Files } from './played-artifacts.fixture.js';
import { GUEST, playRound, SAME, type Played } from './played-round.fixture.js';

const COMMIT = '01'.repeat(20);
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, dent: 1, ella: 1 },
});

const named = (name: string): Files => ({ ...SAME, 'etc/motd': `welcome ${name}\n` });
const facts = (wsl: string, umask: string): NonNullable<Played['facts']> => ({
  'os.wsl': wsl,
  'user.umask': umask,
});
const ours: Played = { files: named('a'), facts: facts('none', '0022') };
const theirs: Played = { files: named('b'), facts: facts('WSL2', '0077') };
const split = { acme: ours, bits: ours, coop: ours, dent: theirs, ella: theirs };

let artifacts: ReadonlyMap<string, PlayedArtifacts>;
let round: string;
beforeAll(async () => {
  const { nats, builders, api } = quorum();
  artifacts = new Map(
    builders.map(({ id, operator }) => [operator, new PlayedArtifacts(nats, id)]),
  );
  for (const played of artifacts.values()) played.listen();
  round = await api.open({ commit: COMMIT });
  await playRound({ api, builders, artifacts }, round, split);
});
afterAll(() => {
  for (const played of artifacts.values()) played.leave();
});

/** What is told of a split once this holds of it. */
async function explained(
  what: string,
  holds: (told: ExplanationReport) => boolean,
  of = round,
): Promise<ExplanationReport> {
  const [told] = await eventually(
    what,
    async () => {
      const response = await quorum().api.get(`/v1/rounds/${of}/explanation`);
      const { isComplete, artifacts: all } = RoundExplanation.parse(await response.json());
      return isComplete ? all : [];
    },
    ([first]) => first !== undefined && holds(first),
  );
  return told!;
}

const experimentOf = (operator: string, change: Experiment['change']): Experiment => ({
  ...{ round, artifact: GUEST, change },
  builder: quorum().builder(operator).id,
});

/** Has a builder build once more. */
async function tryOut(experiment: Experiment, played: Played): Promise<Report> {
  const { api, builders } = quorum();
  const id = await api.open({ experiment });
  const own = builders.filter((builder) => builder.id === experiment.builder);
  await playRound({ api, builders: own, artifacts }, id, { [own[0]!.operator]: played });
  return api.report(id);
}

describe('an experiment', () => {
  let before: ExplanationReport;
  let report: Report;
  beforeAll(async () => {
    before = await explained('an explanation', ({ next }) => next !== null);
    const builder = quorum().builders.find(({ id }) => id === before.next!.builder)!;
    report = await tryOut(before.next!.request!, split[builder.operator as keyof typeof split]);
  });

  test('is proposed as it can be asked for, and first the same builder unchanged', () => {
    expect(before.next?.request).toEqual({
      ...{ round, artifact: GUEST, builder: before.next?.builder, change: null },
    });
  });

  test('invites its builder alone, and gives no verdict', async () => {
    expect(report.artifacts).toEqual([]);
    expect(report.round).toMatchObject({ phase: 'final', experiment: before.next?.request });
    expect(report.builders.map(({ builder }) => builder)).toEqual([before.next?.builder]);
    expect(report.headline).toContain('an experiment, which gives no verdict');
    const { envelope } = (await quorum().api.logged(report.round!.round)).find(
      ({ kind }) => kind === 'verdict',
    )!;
    const statement = parseStatement(unverifiedPayload(envelope));
    expect(readVerdict(statement).artifacts).toEqual([]);
    expect(statement.predicate).toMatchObject({ verificationResult: 'FAILED' });
  });

  test('is marked where it is listed, and repeats no round', async () => {
    const { api } = quorum();
    const list = RoundList.parse(await (await api.get('/v1/rounds')).json());
    const marked = list.rounds.filter(({ experiment }) => experiment !== undefined);
    expect(marked.map((each) => each.round)).toEqual([report.round?.round]);
    const parent = await api.report(round);
    expect(parent.otherRounds).toMatchObject([{ experiment: before.next?.request, verdicts: [] }]);
    for (const { flags } of parent.artifacts) expect(flags).not.toContain('repeated');
  });

  test('is taken into the explanation of the round that it is about', async () => {
    const after = await explained(
      'what the experiment showed',
      ({ next }) => JSON.stringify(next) !== JSON.stringify(before.next),
    );
    // The builder was not asked once more for what it had shown already.
    expect(after.compared).toEqual(before.compared);
  });

  test('makes no round on its release a repeated one, nor is one of its verdicts its own', async () => {
    const { api, builders } = quorum();
    const commit = '02'.repeat(20);
    const first = await api.open({ commit });
    await playRound({ api, builders, artifacts }, first, split);
    const builder = builders[0]!;
    const id = await api.open({
      experiment: { round: first, artifact: GUEST, builder: builder.id, change: null },
    });
    await playRound({ api, builders: [builder], artifacts }, id, split);
    const bundle = await api.get(`/v1/rounds/${id}/bundle`);
    expect(bundle.status).toBe(200);
    const { artifacts: verdicts } = await api.report(first);
    for (const { flags } of verdicts) expect(flags).not.toContain('repeated');
  });
});

describe('a re-build that is not the experiment that was asked for', () => {
  let parent: string;
  let before: ExplanationReport;
  beforeAll(async () => {
    const { api, builders } = quorum();
    parent = await api.open({ commit: '04'.repeat(20) });
    await playRound({ api, builders, artifacts }, parent, split);
    before = await explained('an explanation', ({ next }) => next !== null, parent);
  });

  /** Has dent build once more, and gives the explanation in which that is told. */
  async function setAside(
    change: Experiment['change'],
    played: Played,
    because: string,
  ): Promise<ExplanationReport> {
    await tryOut({ ...experimentOf('dent', change), round: parent }, played);
    return explained(because, ({ paragraph }) => paragraph.includes(because), parent);
  }

  test.each<readonly [string, Experiment['change'], Played['facts'], string]>([
    [
      'is told with the facts that moved, where nothing was to be changed',
      null,
      { ...theirs.facts, 'os.kernel': '6.9' },
      'The re-build of dent is not taken in: these facts moved: "os.kernel".',
    ],
    [
      'is told with what the fact is, where it was to be another',
      { fact: 'user.umask', from: '0077', to: '0022' },
      facts('WSL2', '0027'),
      '"user.umask" was to be "0022", and is "0027"',
    ],
    [
      'is told with a fact that was withheld',
      { fact: 'user.umask', from: '0077', to: '0022' },
      { 'os.wsl': 'WSL2' },
      '"user.umask" was not told',
    ],
  ])('%s, and changes nothing else', async (_, change, told, because) => {
    const after = await setAside(change, { files: named('another'), facts: told! }, because);
    expect(after.paragraph.startsWith(before.paragraph)).toBe(true);
    expect({ ...after, paragraph: before.paragraph }).toEqual(before);
  });
});

describe('no experiment', () => {
  const refused = (experiment: Experiment, over: object = {}) =>
    quorum().api.refused('POST', '/v1/rounds', { experiment, ...over });

  test('is opened on a round that is not known, or not decided', async () => {
    const unknown = { ...experimentOf('acme', null), round: 'ab'.repeat(32) };
    expect(await refused(unknown)).toMatchObject({ status: 404, code: 'no-such-round' });
    const open = await quorum().api.open({ commit: '03'.repeat(20) });
    expect(await refused({ ...experimentOf('acme', null), round: open })).toMatchObject({
      status: 409,
      code: 'round-not-final',
    });
  });

  test('is opened where there is nothing to hold it against', async () => {
    const other = { ...experimentOf('acme', null), artifact: 'foreign/artifact' };
    expect(await refused(other)).toMatchObject({ status: 422, code: 'nothing-to-try' });
  });

  test('has others on it, or asks for agreement', async () => {
    const builders = [quorum().builder('bits').id];
    expect(await refused(experimentOf('acme', null), { builders })).toMatchObject({ status: 400 });
    expect(await refused(experimentOf('acme', null), { threshold: '2' })).toMatchObject({
      status: 400,
    });
  });

  test('gets further builders', async () => {
    const { api } = quorum();
    const id = await api.open({ experiment: experimentOf('acme', null) });
    const builders = [quorum().builder('bits').id];
    expect(await api.refused('POST', `/v1/rounds/${id}/amend`, { builders })).toMatchObject({
      status: 422,
    });
  });
});
