import { sha256 } from '#libs/encoding';
import { artifactsOf, GUEST, HOST, RELEASE, SETUP } from '../report/report.fixture.js';
import type { ArtifactReport } from '../report/verdict.js';
import type { RoundFacts, RoundMoment } from './round-moment.js';

export const AT = '2026-01-02T03:04:05.000Z';
export const ORIGIN = 'https://quorum.example';

/** A round of five operators, each with one builder. */
export const FACTS: RoundFacts = {
  round: sha256('round'),
  release: RELEASE.name,
  proposal: {
    id: '138000',
    title: 'Elect new IC/Replica revision',
    deadlineAt: '2026-01-06T00:00:00.000Z',
  },
  threshold: '3',
  closesAt: '2026-01-03T03:04:05.000Z',
  groups: ['north'],
  roster: ['alice', 'bob', 'carol', 'dan', 'erin'].map((operator) => ({
    operator,
    builders: [{ builder: `${operator}-aaaaa-bbbbb-ccccc`, publicKey: '' }],
  })),
};

/** The round when it was opened, with anything otherwise. */
export function momentOf(over: Partial<RoundMoment> = {}): RoundMoment {
  return {
    facts: FACTS,
    phase: 'open',
    at: AT,
    missing: [],
    artifacts: [],
    headline: 'Proposal 138000: a sentence.',
    before: null,
    proposals: [],
    ...over,
  };
}

/** GuestOS alike for all; HostOS and SetupOS alike for none. */
export function splitArtifacts(): readonly ArtifactReport[] {
  return artifactsOf(
    ['one', 'two', 'three', 'four', 'five'].map((machine) => ({
      [GUEST]: 'guest',
      [HOST]: `host ${machine}`,
      [SETUP]: `setup ${machine}`,
    })),
  );
}

/** Everything alike for all, and as it was published. */
export function agreedArtifacts(): readonly ArtifactReport[] {
  const published = (name: string) => `published ${name}`;
  return artifactsOf(
    Array.from({ length: 5 }, () => ({
      ...{ [GUEST]: 'guest', [HOST]: published(HOST), [SETUP]: published(SETUP) },
    })),
  );
}
