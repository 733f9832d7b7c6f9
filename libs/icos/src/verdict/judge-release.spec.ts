import { asSha256 } from '#libs/encoding';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CURRENT_ERA,
  judgeRelease,
  type ArtifactName,
  type ElectedPackage,
  type LaunchMeasurement,
  type Observation,
  type ReleaseEvidence,
} from '../index.js';

const digest = (letter: string) => asSha256(letter.repeat(64));
const [GOOD, OTHER] = [digest('a'), digest('b')];
const GUEST: ArtifactName = 'guestos/update-img';
const [SYSTEMS, NETWORK] = ['https://systems/g', 'https://network/g'];

type Told = string | { readonly code: Observation['error'] & object } | null;
const seen = (
  role: Observation['role'],
  url: string,
  told: Told | { code: string },
): Observation => ({
  ...{ url, role, artifact: GUEST, sizeBytes: null },
  sha256: typeof told === 'string' ? asSha256(told) : null,
  error:
    typeof told === 'string'
      ? null
      : ({ code: (told as { code: string }).code, message: 'because' } as Observation['error']),
});

interface Story {
  readonly bytes?: Told | { code: string };
  readonly sums?: Told | { code: string };
  readonly network?: { readonly bytes?: Told; readonly sums?: Told };
  readonly urls?: readonly (Told | { code: string })[];
  readonly proposal?: string | null;
  readonly local?: string | null;
}

/** One elected GuestOS; everything agrees where the story says nothing else. */
function judge(story: Story): ReturnType<typeof judgeRelease> {
  const {
    bytes = GOOD,
    sums = GOOD,
    network,
    urls = [GOOD],
    proposal = GOOD,
    local = GOOD,
  } = story;
  const evidence: ReleaseEvidence = {
    era: CURRENT_ERA,
    selected: [GUEST],
    proposal:
      proposal === null
        ? null
        : ({
            ...{ artifact: GUEST, sha256: asSha256(proposal), measurements: null },
            urls: urls.map((_, index) => `https://host-${index}/u`),
          } satisfies ElectedPackage),
    published: {
      observations: [
        seen('cdn-bytes', `${SYSTEMS}/update-img.tar.zst`, bytes),
        seen('cdn-sums', `${SYSTEMS}/SHA256SUMS`, sums),
        ...(network === undefined
          ? []
          : [
              seen('cdn-bytes', `${NETWORK}/update-img.tar.zst`, network.bytes ?? GOOD),
              seen('cdn-sums', `${NETWORK}/SHA256SUMS`, network.sums ?? GOOD),
            ]),
        ...(proposal === null
          ? []
          : urls.map((told, index) => seen('proposal-url', `https://host-${index}/u`, told))),
      ],
      duplicateUrls: [],
      sumsFiles: [],
      measurements: [],
    },
    build:
      local === null
        ? null
        : { outputs: [{ artifact: GUEST, sha256: asSha256(local) }], measurements: null },
  };
  return judgeRelease(evidence);
}

const DOWN = { code: 'NETWORK' };

describe('one machine says of an elected image', () => {
  test.each<[string, Story, outcome: string, verdict: string]>([
    ['that all agree', {}, 'reproduced', 'reproduced'],
    ['that two CDNs agree as well', { network: {} }, 'reproduced', 'reproduced'],
    ['that it builds another', { local: OTHER }, 'not-reproduced', 'mismatch'],
    ['that the CDN serves other bytes', { bytes: OTHER }, 'not-reproduced', 'inconsistent'],
    ['that one CDN of two does', { network: { bytes: OTHER } }, 'not-reproduced', 'inconsistent'],
    ['that one CDN lists another', { network: { sums: OTHER } }, 'not-reproduced', 'inconsistent'],
    ['that the proposal names another', { proposal: OTHER }, 'not-reproduced', 'inconsistent'],
    ['that a URL serves another', { urls: [GOOD, OTHER] }, 'not-reproduced', 'inconsistent'],
    ['that no line names it', { sums: { code: 'NO_SUCH_SUM' } }, 'not-reproduced', 'inconsistent'],
    [
      'that two lines name it',
      { sums: { code: 'SUMS_CONFLICT' } },
      'not-reproduced',
      'inconsistent',
    ],
    ['nothing without a build', { local: null }, 'undecided', 'undecided'],
    ['nothing with the CDN down', { bytes: DOWN, sums: DOWN }, 'undecided', 'undecided'],
    ['nothing with a URL down', { urls: [GOOD, DOWN] }, 'undecided', 'undecided'],
    [
      'a mismatch though a URL is down',
      { urls: [DOWN], local: OTHER },
      'not-reproduced',
      'mismatch',
    ],
    [
      'an inconsistency though nothing was built',
      { bytes: OTHER, local: null },
      'not-reproduced',
      'inconsistent',
    ],
    ['of a bare commit that all agree', { proposal: null }, 'reproduced', 'reproduced'],
    [
      'of a bare commit that it builds another',
      { proposal: null, local: OTHER },
      'not-reproduced',
      'mismatch',
    ],
    [
      'that sums and bytes were replaced together',
      { bytes: OTHER, sums: OTHER, urls: [OTHER] },
      'not-reproduced',
      'inconsistent',
    ],
  ])('%s', (_, story, outcome, verdict) => {
    const judged = judge(story);
    expect([judged.outcome, judged.artifacts[0]?.verdict]).toEqual([outcome, verdict]);
  });

  test('that its own build is what the proposal elects, when the CDN alone was altered', () => {
    const { checks } = judge({ bytes: OTHER, sums: OTHER });
    expect(checks.find(({ id }) => id === 'local-proposal')?.state).toBe('passed');
    expect(checks.find(({ id }) => id === 'local-sums')?.state).toBe('failed');
  });

  test('never that it is reproduced, unless every side was seen and says the same', () => {
    const told = fc.constantFrom<Told | { code: string }>(GOOD, OTHER, DOWN, {
      code: 'NO_SUCH_SUM',
    });
    const local = fc.constantFrom(GOOD, OTHER, null);
    fc.assert(
      fc.property(told, told, fc.array(told, { minLength: 1 }), local, (bytes, sums, urls, own) => {
        const all = [bytes, sums, ...urls, own];
        const isSame = all.every((one) => one === GOOD);
        expect(judge({ bytes, sums, urls, local: own }).outcome === 'reproduced').toBe(isSame);
      }),
    );
  });

  test('nothing at all when nothing is selected', () => {
    const published = { observations: [], duplicateUrls: [], sumsFiles: [], measurements: [] };
    const none = { era: CURRENT_ERA, selected: [], proposal: null, published };
    expect(judgeRelease({ ...none, build: { outputs: [], measurements: null } }).outcome).toBe(
      'undecided',
    );
  });
});

describe('URLs of a proposal', () => {
  const withUrls = (...urls: string[]) =>
    judgeRelease({
      era: CURRENT_ERA,
      selected: [GUEST],
      proposal: { artifact: GUEST, sha256: GOOD, urls, measurements: null },
      published: {
        observations: urls.map((url) => seen('proposal-url', url, GOOD)),
        duplicateUrls: [],
        sumsFiles: [],
        measurements: [],
      },
      build: null,
    }).checks.filter(({ id }) => id === 'proposal-urls');

  test('on two hosts are as they should be', () => {
    expect(withUrls('https://a/x', 'https://b/x')).toEqual([]);
  });

  test.each([
    ['the same twice', ['https://a/x', 'https://a/x']],
    ['two on one host', ['https://a/x', 'https://a:443/y']],
  ])('%s are noted: a list of two that fails as one', (_, urls) => {
    expect(withUrls(...urls)).toMatchObject([{ state: 'noted', sides: [{}, {}] }]);
  });
});

describe('launch measurements', () => {
  const NAME = 'guestos/launch-measurements';
  const slot = (hex: string, line: string | null): LaunchMeasurement => ({
    measurement: hex.repeat(96),
    kernelCommandLine: line,
  });
  const BOTH = [slot('1', 'slot=A'), slot('2', 'slot=B')];
  const judgeThem = (told: {
    readonly proposal?: readonly LaunchMeasurement[] | null;
    readonly cdn?: readonly LaunchMeasurement[] | null;
    readonly local?: readonly LaunchMeasurement[] | null;
  }) => {
    const { proposal = BOTH, cdn = BOTH, local = BOTH } = told;
    const url = `${SYSTEMS}/launch-measurements.json`;
    return judgeRelease({
      era: CURRENT_ERA,
      selected: [NAME],
      proposal: { artifact: GUEST, sha256: GOOD, urls: [], measurements: proposal },
      published: {
        observations: [
          { ...seen('cdn-bytes', url, GOOD), artifact: NAME },
          { ...seen('cdn-sums', `${SYSTEMS}/SHA256SUMS`, { code: 'NO_SUCH_SUM' }), artifact: NAME },
        ],
        duplicateUrls: [],
        sumsFiles: [],
        measurements: [{ url, measurements: cdn }],
      },
      // Other bytes than the CDN's: another spelling of the same values.
      build: { outputs: [{ artifact: NAME, sha256: OTHER }], measurements: local },
    }).outcome;
  };

  test('are compared by value: another spelling of the file is the same', () => {
    expect(judgeThem({})).toBe('reproduced');
  });

  test('that a proposal does not name are compared with the build alone', () => {
    expect(judgeThem({ proposal: null })).toBe('reproduced');
  });

  test.each<[string, Parameters<typeof judgeThem>[0]]>([
    ['other bytes', { cdn: [slot('3', 'slot=A'), slot('2', 'slot=B')] }],
    ['another kernel command line', { cdn: [slot('1', 'slot=A x'), slot('2', 'slot=B')] }],
    ['another order', { cdn: BOTH.toReversed() }],
    ['one of them missing', { cdn: BOTH.slice(0, 1) }],
    ['no command line where there was one', { cdn: [slot('1', null), slot('2', 'slot=B')] }],
    ['others in the proposal', { proposal: BOTH.toReversed() }],
    ['none in the proposal, though it has a list', { proposal: [] }],
    ['others from the build', { local: BOTH.toReversed() }],
    ['a file that is none', { cdn: null }],
  ])('with %s do not match', (_, told) => {
    expect(judgeThem(told)).toBe('not-reproduced');
  });

  test('that were built, and held against nothing, are undecided', () => {
    const published = { observations: [], duplicateUrls: [], sumsFiles: [], measurements: [] };
    const { artifacts, checks } = judgeRelease({
      ...{ era: CURRENT_ERA, selected: [NAME], proposal: null, published },
      build: { outputs: [{ artifact: NAME, sha256: GOOD }], measurements: BOTH },
    });
    expect([checks, artifacts[0]?.verdict]).toEqual([[], 'undecided']);
  });

  test('that the build did not make are undecided', () => {
    expect(judgeThem({ local: null })).toBe('undecided');
  });
});
