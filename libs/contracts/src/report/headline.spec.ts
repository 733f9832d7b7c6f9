import { describe, expect, test } from 'vitest';
import { headlineOf } from './headline.js';
import type { Report } from './report.js';
import {
  GUEST,
  HOST,
  artifactsOf,
  deployment,
  nothingToBuild,
  seedSplit,
  troubled,
} from './report.fixture.js';

const headline = (report: Report, over: Partial<Report> = {}): string =>
  headlineOf({ ...report, ...over });
const COMMIT = '35bfcadd0f2a474057e42393917b8b3ac269627a';
const onlyNamed = (...names: readonly string[]) =>
  seedSplit().artifacts.filter(({ name }) => names.includes(name));

describe('the headline of an experiment', () => {
  const experiment = { round: 'ab'.repeat(32), artifact: GUEST, builder: 'alice-aaaaa-bbbbb' };
  const about = (change: { fact: string; from: string; to: string } | null): string => {
    const { round } = seedSplit();
    return headline(seedSplit(), {
      proposal: null,
      artifacts: [],
      round: round && { ...round, experiment: { ...experiment, change } },
    });
  };

  test('says what is tried, and that it decides nothing', () => {
    const head = `ic/${COMMIT}: an experiment, which gives no verdict: builder alice-aaaaa builds once more`;
    expect(about(null)).toBe(`${head}, unchanged, for round abababababab.`);
    expect(about({ fact: 'locale.lang', from: 'de', to: 'C' })).toBe(
      `${head}, with locale.lang C instead of de, for round abababababab.`,
    );
  });
});

describe('the headline of a round', () => {
  test('speaks of what the proposal elects, then names what differs beside it', () => {
    expect(headline(seedSplit())).toBe(
      'Proposal 138000: GuestOS, which this proposal elects: reproduced by 5 of 5. HostOS and SetupOS are not elected here; they differ.',
    );
  });

  test('names one thing that differs as one', () => {
    expect(headline(seedSplit(), { artifacts: onlyNamed(GUEST, HOST) })).toBe(
      'Proposal 138000: GuestOS, which this proposal elects: reproduced by 5 of 5. HostOS is not elected here; it differs.',
    );
  });

  test('says nothing of advisory artifacts that are merely undecided', () => {
    expect(headline(troubled())).toBe(
      'Proposal 138000: GuestOS, which this proposal elects: undecided: 1 valid vote, 3 are needed.',
    );
  });

  test('speaks of both where two are elected', () => {
    const artifacts = onlyNamed(GUEST, HOST).map((each) => ({ ...each, elected: true }));
    expect(headline(seedSplit(), { artifacts })).toBe(
      'Proposal 138000: GuestOS, which this proposal elects: reproduced by 5 of 5; HostOS, which this proposal elects: split 2-1-1-1: no 3 operators agree.',
    );
  });

  test('speaks of everything on a bare commit, which elects nothing', () => {
    const artifacts = onlyNamed(GUEST, HOST).map((each) => ({ ...each, elected: false }));
    expect(headline(seedSplit(), { proposal: null, artifacts })).toBe(
      `ic/${COMMIT}: GuestOS reproduced by 5 of 5; HostOS split 2-1-1-1: no 3 operators agree.`,
    );
  });

  test('keeps who did not answer in the count', () => {
    const guest = { [GUEST]: 'guest' };
    const [artifact] = artifactsOf([guest, guest, guest]);
    expect(headline(seedSplit(), { artifacts: [artifact!] })).toBe(
      'Proposal 138000: GuestOS, which this proposal elects: reproduced by 3 of 5.',
    );
  });
});

describe('the headline of a deployment', () => {
  test('tells what is known of the version that it deploys', () => {
    expect(headline(deployment())).toBe(
      `Proposal 138010: deploys ${COMMIT}; GuestOS reproduced by 5 of 5.`,
    );
  });

  test('tells that nothing is known', () => {
    expect(headline(deployment(), { artifacts: [], round: null })).toBe(
      `Proposal 138010: deploys ${COMMIT}; no round has been held on it yet.`,
    );
  });
});

describe('the headline of a proposal that elects nothing', () => {
  test.each([
    [[], 'it removes 0 old versions'],
    [['a'], 'it removes 1 old version'],
    [['a', 'b'], 'it removes 2 old versions'],
  ])('of %j says so', (unelects, end) => {
    const { proposal } = nothingToBuild();
    expect(headline(nothingToBuild(), { proposal: { ...proposal!, unelects } })).toBe(
      `Proposal 138020: elects no version, so there is nothing to build; ${end}.`,
    );
  });
});

test('a headline is one printable line of bounded length, whatever the proposal says', () => {
  const hostile = `\u001b[2J\n${'x'.repeat(1 << 20)}`;
  const deploys = { ...deployment().deployment!, commit: hostile };
  const said = headline(deployment(), { deployment: deploys });
  expect(said).toMatch(/^Proposal 138010: deploys {2}\[2J x+…; GuestOS reproduced by 5 of 5\.$/);
  const artifacts = seedSplit().artifacts.map((each) => ({ ...each, name: hostile }));
  expect(headline(seedSplit(), { artifacts }).length).toBeLessThanOrEqual(1000);
  expect(headline(seedSplit(), { artifacts })).toMatch(/^[^\p{Cc}\p{Cf}]+$/u);
});
