import type { Release } from '#libs/attestation';
import { decide, parseThreshold, type Claim, type Flag, type Standing } from '#libs/consensus';
import { sha256, type Sha256 } from '#libs/encoding';
import { questionsOf } from '../questions.js';
import { headlineOf } from './headline.js';
import type { BuilderReport, ProposalReport, Report } from './report.js';
import { ArtifactReport } from './verdict.js';
import { workOf } from './work.js';

const COMMIT = '35bfcadd0f2a474057e42393917b8b3ac269627a';
export const GUEST = 'guestos/update-img';
export const HOST = 'hostos/update-img';
export const SETUP = 'setupos/disk-img';
const OPERATORS = ['alice', 'bob', 'carol', 'dan', 'erin'];
const ROUND = sha256('round');

/** A release that elects GuestOS, with SetupOS built of the other two. */
export const RELEASE: Release = {
  name: `ic/${COMMIT}`,
  source: { uri: null, digest: { gitCommit: COMMIT } },
  artifacts: [
    artifact(GUEST, 'guest-os/update-img/update-img.tar.zst', sha256('guest')),
    artifact(HOST, 'host-os/update-img/update-img.tar.zst', null),
    artifact(SETUP, 'setup-os/disk-img/disk-img.tar.zst', null, [HOST, GUEST]),
  ],
};

function artifact(
  name: string,
  path: string,
  expected: Sha256 | null,
  embeds: string[] = [],
): Release['artifacts'][number] {
  return { name, path, expected, elected: expected !== null, embeds };
}

/** What a builder came to: digests by artifact, a failure, or nothing. */
type Said = Readonly<Record<string, string>> | 'failed' | 'absent' | 'unrevealed';

function builderIdOf(operator: string, at = 0): string {
  return `${operator}-${['aaaaa', 'ddddd'][at] ?? ''}-bbbbb-ccccc`;
}

function standingOf(builder: string, said: Said, shown: readonly string[]): Standing {
  if (said === 'absent' || said === 'unrevealed') return { kind: said };
  const claim: Claim =
    said === 'failed'
      ? { kind: 'failed', builder, stage: 'build', class: 'out-of-space' }
      : {
          kind: 'built',
          builder,
          digests: new Map(Object.entries(said).map(([name, word]) => [name, sha256(word)])),
          observations: [HOST, SETUP].map((name) => ({
            artifact: name,
            source: 'cdn-sums',
            url: `https://download.example/${name}`,
            digest: sha256(`published ${name}`),
          })),
          intermediates: new Map(
            shown.map((name) => {
              const digest = sha256(`tree of ${name}`);
              return [name, new Map([['rootfs-tree.tar', { sha256: digest, bound: digest }]])];
            }),
          ),
        };
  return { kind: 'said', claims: [claim] };
}

/**
 * Decides a round of five operators, of whom three have to agree; a list is two builders. `shownBy`
 * says how many of them, from the first, show their work on an artifact.
 */
export function artifactsOf(
  said: readonly (Said | readonly [Said, Said])[],
  late: readonly string[] = [],
  flags: readonly Flag[] = [],
  shownBy: ReadonlyMap<string, number> = new Map(),
): ArtifactReport[] {
  const seats = OPERATORS.map((operator, at) => {
    const words = [said[at] ?? 'absent'].flat() as readonly Said[];
    return {
      operator,
      standings: words.map((word, nth): [string, Standing] => {
        const builder = builderIdOf(operator, nth);
        const shown = [...shownBy].flatMap(([name, count]) => (at < count ? [name] : []));
        return [builder, standingOf(builder, word, shown)];
      }),
    };
  });
  const verdicts = decide({
    roster: seats.map(({ operator, standings }) => ({
      operator,
      builders: standings.map(([builder]) => builder),
    })),
    threshold: parseThreshold('3'),
    phase: 'final',
    questions: questionsOf(RELEASE),
    standings: new Map(seats.flatMap(({ standings }) => standings)),
    late: new Set(late.map((operator) => builderIdOf(operator))),
    roundFlags: new Map([['*', flags]]),
  });
  return verdicts.map((verdict) => ArtifactReport.parse(verdict));
}

function builderOf(operator: string, at: number): BuilderReport {
  return {
    operator,
    builder: builderIdOf(operator),
    state: 'built',
    stage: null,
    percent: null,
    failure: null,
    commitIndex: at + 1,
    resultIndex: at + 7,
    attestation: sha256(`attestation of ${operator}`),
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T05:06:07.000Z',
    environment: { source: 'measured', facts: { 'os.name': 'Debian GNU/Linux 12' }, withheld: [] },
  };
}

const PROPOSAL: ProposalReport = {
  id: '138000',
  title: 'Elect new IC/Replica revision (commit 35bfcadd)',
  nnsFunction: 38,
  payloadSha256: sha256('payload'),
  deadlineAt: '2026-01-06T03:04:05.000Z',
  urls: [`https://download.example/ic/${COMMIT}/guest-os/update-img/update-img.tar.zst`],
  unelects: [],
};

function reportOf(artifacts: ArtifactReport[], over: Partial<Report> = {}): Report {
  const body: Omit<Report, 'headline'> = {
    schema: 'https://repro-quorum.dev/ns/report/v1',
    kind: 'round',
    proposal: PROPOSAL,
    deployment: null,
    release: RELEASE,
    round: {
      round: ROUND,
      phase: 'final',
      blind: true,
      threshold: '3',
      needed: 3,
      eligible: 5,
      openedAt: '2026-01-02T03:04:05.000Z',
      closesAt: '2026-01-03T03:04:05.000Z',
      closedAt: '2026-01-02T06:07:08.000Z',
      closeReason: 'all-committed',
      decidedAt: '2026-01-02T07:08:09.000Z',
      openIndex: 0,
      closeIndex: 6,
      verdictIndex: 12,
    },
    artifacts,
    work: workOf(artifacts),
    builders: OPERATORS.map(builderOf),
    published: [],
    otherRounds: [],
    log: {
      origin: 'quorum.example/log',
      checkpoint:
        'quorum.example/log\n13\nqJqoM9Ey2bMrqo2k4NvSd3BQl8mCLQYKlG0pzXHTGsU=\n\n— quorum.example/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n',
    },
    ...over,
  };
  return { ...body, headline: headlineOf(body) };
}

/** GuestOS alike for all; HostOS, and so SetupOS, alike for alice and bob only. */
export function seedSplit(): Report {
  const machines = ['one', 'one', 'three', 'four', 'five'];
  return reportOf(
    artifactsOf(
      machines.map((machine) => ({
        [GUEST]: 'guest',
        [HOST]: `host ${machine}`,
        [SETUP]: `setup ${machine}`,
      })),
    ),
  );
}

/** GuestOS alike for all, and so what their builds left on the way; of SetupOS only for two. */
export function workShown(): Report {
  const alike = { [GUEST]: 'guest', [HOST]: 'published hostos/update-img' };
  const said = OPERATORS.map(() => alike);
  return reportOf(
    artifactsOf(
      said,
      [],
      [],
      new Map([
        [GUEST, 5],
        [HOST, 2],
      ]),
    ),
  );
}

/** A round in which nearly everything went wrong. */
export function troubled(): Report {
  const artifacts = artifactsOf(
    [
      { [GUEST]: 'other' },
      [{ [GUEST]: 'other' }, { [GUEST]: 'x' }],
      'failed',
      'unrevealed',
      'absent',
    ],
    ['erin'],
    ['duplicate-url', 'repeated'],
  );
  const states = ['built', 'built', 'failed', 'unrevealed', 'late'] as const;
  const failure = { stage: 'build', class: 'out-of-space', message: 'No space left on device' };
  return reportOf(artifacts, {
    builders: OPERATORS.map((operator, at) => ({
      ...builderOf(operator, at),
      state: states[at] ?? 'absent',
      failure: at === 2 ? failure : null,
    })),
    published: [
      {
        artifact: GUEST,
        source: 'cdn-bytes',
        url: 'https://download.example/update-img.tar.zst',
        readings: [
          { sha256: sha256('guest'), error: null, builders: ['alice-aaaaa-bbbbb-ccccc'] },
          { sha256: sha256('lie'), error: null, builders: ['bob-aaaaa-bbbbb-ccccc'] },
          { sha256: null, error: 'NOT_FOUND: answered 404', builders: ['carol-aaaaa-bbbbb-ccccc'] },
        ],
      },
      {
        artifact: GUEST,
        source: 'cdn-sums',
        url: 'https://download.example/SHA256SUMS',
        readings: [{ sha256: sha256('guest'), error: null, builders: ['alice-aaaaa-bbbbb-ccccc'] }],
      },
    ],
    otherRounds: [
      {
        round: sha256('earlier round'),
        openedAt: '2026-01-01T00:00:00.000Z',
        phase: 'final',
        proposal: null,
        verdicts: [{ name: GUEST, verdict: 'split' }],
      },
      {
        round: sha256('later round'),
        openedAt: '2026-01-02T00:00:00.000Z',
        phase: 'open',
        proposal: '138001',
        verdicts: [],
      },
    ],
  });
}

/** A proposal that deploys the seed's GuestOS to a subnet. */
export function deployment(): Report {
  const held = seedSplit();
  return reportOf(
    held.artifacts.filter(({ name }) => name === GUEST),
    {
      kind: 'deployment',
      proposal: { ...PROPOSAL, id: '138010', title: 'Upgrade subnet', nnsFunction: 11 },
      deployment: {
        os: 'guestos',
        commit: COMMIT,
        to: { kind: 'subnet', subnetId: 'tdb26-jop6k' },
      },
      otherRounds: [],
    },
  );
}

/** A proposal that only removes old versions. */
export function nothingToBuild(): Report {
  return reportOf([], {
    kind: 'nothing-to-build',
    proposal: { ...PROPOSAL, id: '138020', title: 'Retire versions', unelects: ['a', 'b'] },
    release: null,
    round: null,
    builders: [],
  });
}
