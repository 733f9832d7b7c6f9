import { beforeAll, describe, expect, test } from 'vitest';
import { parseStatement, readVerdict, unverifiedPayload, type Result } from '#libs/attestation';
import { OpenRoundAnswer, type Calibration } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { BuilderEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  eventually,
  makeFailure,
  makeResult,
  signCommit,
  signResult,
  useQuorum,
  type HandBuilder,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { register } from '../dispatch/registered.fixture.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, dent: 1, ella: 1, fred: 1 },
});
const COMMIT = '0c'.repeat(20);
let reproduced: string;

const builder = (operator: string): HandBuilder => quorum().builder(operator);

/** What is known of a builder once this holds of it. */
async function known(
  operator: string,
  holds: (calibration: Calibration) => boolean,
): Promise<Calibration> {
  return eventually(`a calibration of ${operator}`, async () => {
    const rows = quorum().dataSource.getRepository(BuilderEntity);
    const row = await rows.findOneBy({ id: builder(operator).id });
    const calibration = row?.calibration as Calibration | null | undefined;
    return calibration != null && holds(calibration) ? calibration : undefined;
  });
}

/** Commits to a result and shows it once the round is closed. */
async function play(
  round: string,
  operator: string,
  facts: Record<string, string>,
  make: (one: HandBuilder) => (answered: Parameters<typeof makeResult>[0]) => Result = () => (to) =>
    makeResult(to),
): Promise<void> {
  const one = builder(operator);
  const { open } = await one.invitation(round);
  const result = make(one)({ round, release: open.release, builder: one.id });
  const environment = { source: 'measured' as const, facts, withheld: [] };
  const signed = signResult({ ...result, environment }, one.signer);
  const commit = signCommit(round, signed, one.signer);
  await one.commit(commit);
  await one.receipt(commit);
  await one.close(round);
  await one.reveal(signed);
}

const salted = (text: string): string => `sha256:${sha256(text)}`;
const FACTS = {
  ...{ 'os.wsl': 'none', 'os.id': 'debian', 'host.name': salted('a') },
  // A digest that everybody may read, and the same in each round.
  'container.image-digest': salted('image'),
};

async function calibrate(operator: string): Promise<string> {
  const response = await quorum().api.post(`/v1/builders/${builder(operator).id}/calibrate`, {});
  const answer = OpenRoundAnswer.parse(await response.json());
  return answer.kind === 'opened' ? answer.round : '';
}

beforeAll(async () => {
  await register(quorum().dataSource, builder('dent'));
});

test('while nothing was reproduced a builder that was approved is told to be unmeasured', async () => {
  const told = await known('dent', ({ at }) => at !== null);
  expect(told).toMatchObject({ outcome: 'none', round: null, differs: [] });
  const path = `/v1/builders/${builder('dent').id}/calibrate`;
  expect(await quorum().api.refused('POST', path, {})).toMatchObject({
    ...{ code: 'nothing-to-calibrate-by', status: 409 },
  });
});

test('a builder that nobody enrolled is not calibrated', async () => {
  const path = `/v1/builders/${builder('acme').id}/calibrate`;
  expect(await quorum().api.refused('POST', path, {})).toMatchObject({
    ...{ code: 'not-registered', status: 404 },
  });
});

describe('once a release was reproduced', () => {
  beforeAll(async () => {
    const { api } = quorum();
    const names = ['acme', 'bits', 'coop'];
    const builders = names.map((operator) => builder(operator).id);
    reproduced = await api.open({ commit: COMMIT, builders });
    await Promise.all(
      names.map((operator) => play(reproduced, operator, { ...FACTS, 'user.name': operator })),
    );
    await api.reportIn('final', reproduced);
  });

  test('a builder that gets the same bytes has passed, in a round that gives no verdict', async () => {
    const { api } = quorum();
    const round = await calibrate('dent');
    const { open, urgency } = await builder('dent').invitation(round);
    expect(open.calibration).toEqual({ round: reproduced, builder: builder('dent').id });
    expect(urgency).toEqual({ class: 'calibration', by: open.closesAt });
    // Nobody is told what is expected: what is measured is what comes out.
    expect(open.release.artifacts.map(({ expected }) => expected)).not.toContain(expect.anything());
    await play(round, 'dent', FACTS);
    expect(await known('dent', ({ at }) => at !== null)).toMatchObject({
      ...{ outcome: 'passed', round, differs: [] },
    });
    const report = await api.report(round);
    expect(report.headline).toContain('a calibration, which gives no verdict');
    expect(report.artifacts).toEqual([]);
    const logged = (await api.logged(round)).find(({ kind }) => kind === 'verdict');
    const { verdict } = await builder('dent').verdict(round);
    expect(logged?.envelope).toEqual(verdict);
    expect(readVerdict(parseStatement(unverifiedPayload(verdict)))).toMatchObject({
      artifacts: [],
    });
  });

  test('it makes nobody’s verdict a repeated one, and is listed as what it is', async () => {
    const { otherRounds, artifacts } = await quorum().api.report(reproduced);
    expect(otherRounds.map(({ calibration }) => calibration?.round)).toEqual([reproduced]);
    for (const { flags } of artifacts) expect(flags).not.toContain('repeated');
  });

  test('one that gets other bytes is suspect, with what its machine alone has', async () => {
    const { dataSource, api } = quorum();
    // Whoever is approved is calibrated, without being asked to.
    await register(dataSource, builder('ella'));
    const asked = await known('ella', ({ round }) => round !== null);
    const own = { 'os.wsl': 'WSL2', 'container.image-digest': salted('older') };
    const facts = { ...FACTS, ...own, 'host.name': salted('b') };
    await play(asked.round!, 'ella', facts, () => (to) => makeResult(to, 'other'));
    expect(await known('ella', ({ at }) => at !== null)).toEqual({
      ...{ outcome: 'suspect', round: asked.round, at: expect.any(String) as string },
      differs: [
        { fact: 'container.image-digest', own: salted('older'), others: salted('image') },
        { fact: 'os.wsl', own: 'WSL2', others: 'none' },
      ],
    });
    // Its vote counts as ever; what is known of its machine stands beside it.
    const builders = ['acme', 'bits', 'ella'].map((operator) => builder(operator).id);
    const round = await api.open({ commit: '0d'.repeat(20), builders });
    await Promise.all(['acme', 'bits', 'ella'].map((operator) => play(round, operator, FACTS)));
    const report = await api.reportIn('final', round);
    expect(report.artifacts[0]!.clusters[0]!.operators).toEqual(['acme', 'bits', 'ella']);
    const told = report.builders.map(({ calibration }) => calibration?.outcome);
    expect(told).toEqual([undefined, undefined, 'suspect']);
  });

  test('one that cannot build it has failed', async () => {
    await register(quorum().dataSource, builder('fred'), {});
    const asked = await known('fred', ({ round }) => round !== null);
    await play(asked.round!, 'fred', FACTS, () => (to) => makeFailure(to));
    expect((await known('fred', ({ at }) => at !== null)).outcome).toBe('failed');
  });

  test('nobody else is invited to a calibration', async () => {
    const round = await calibrate('dent');
    const path = `/v1/rounds/${round}/amend`;
    const problem = await quorum().api.refused('POST', path, { builders: [builder('acme').id] });
    expect(problem).toMatchObject({ code: 'not-amendable', status: 422 });
  });
});
