import { describe, expect, test } from 'vitest';
import { Release, type Result } from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';
import { impliedBy } from './implied-by.js';
import { toldArtifacts } from './told-artifacts.js';

const HOST = 'hostos/update-img';
const GUEST = 'guestos/update-img';
const SETUP = 'setupos/disk-img';
const [ONE, TWO] = [sha256('round one'), sha256('round two')];
const SALTED = `sha256:${sha256('private')}`;

interface Said {
  readonly bytes: Readonly<Record<string, string>>;
  readonly round?: string | null;
  readonly commit?: string;
  readonly day?: number;
  readonly facts?: Readonly<Record<string, string | number | null>>;
}

function result(builder: string, { bytes, round, commit, day, facts }: Said): Result {
  const name = `ic/${(commit ?? 'a').repeat(40)}`;
  const at = `2026-01-${String(day ?? 1).padStart(2, '0')}T00:00:00Z`;
  return {
    kind: 'built',
    round: round ?? null,
    builder,
    release: { name, digest: { gitCommit: (commit ?? 'a').repeat(40) } },
    salt: toBase64(new Uint8Array(32)),
    agentVersion: 'test',
    agentDigest: null,
    startedAt: at,
    finishedAt: at,
    environment: { source: 'measured', facts: facts ?? {}, withheld: [] },
    outputs: Object.entries(bytes).map(([artifact, content]) => ({
      name: artifact,
      path: `${artifact}.tar.zst`,
      sha256: sha256(content),
      sizeBytes: null,
    })),
    published: [],
    inputs: {},
    logSha256: null,
  };
}

describe('results by artifact', () => {
  test('older releases come first, each with its builders', () => {
    const told = toldArtifacts([
      result('x', { bytes: { [HOST]: 'B' }, commit: 'b', day: 2 }),
      result('x', { bytes: { [HOST]: 'A' }, day: 1 }),
      result('y', { bytes: { [HOST]: 'C' }, commit: 'b', day: 3 }),
    ]);
    expect(told.map(({ release, observations }) => [release.at(3), observations.length])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('a builder in two rounds of a release speaks once, and of two digests for neither', () => {
    const [host, guest] = toldArtifacts([
      result('x', { bytes: { [HOST]: 'A', [GUEST]: 'G' }, round: ONE }),
      result('x', { bytes: { [HOST]: 'A', [GUEST]: 'H' }, round: TWO }),
    ]).toSorted((a, b) => (a.artifact < b.artifact ? 1 : -1));
    expect(host).toMatchObject({ artifact: HOST, contradictions: [] });
    expect(host!.observations).toHaveLength(1);
    expect(guest).toMatchObject({ artifact: GUEST, observations: [] });
    expect(guest!.contradictions).toEqual([
      { builder: 'x', digests: [sha256('G'), sha256('H')].sort() },
    ]);
  });

  test('a private value of another round is missing, never another one', () => {
    const facts = { 'machine.hostname': SALTED, 'cpu.count': 4 };
    const [told] = toldArtifacts([
      result('x', { bytes: { [HOST]: 'A' }, round: ONE, facts }),
      result('y', { bytes: { [HOST]: 'A' }, round: ONE, facts }),
      result('z', { bytes: { [HOST]: 'B' }, round: TWO, facts }),
    ]);
    const factsOf = (name: string) =>
      told!.observations.find(({ builder }) => builder === name)!.facts;
    expect(factsOf('x')).toEqual(facts);
    expect(factsOf('z')).toEqual({ 'cpu.count': 4 });
  });
});

describe('what an embedded artifact explains', () => {
  const release = Release.parse({
    name: `ic/${'a'.repeat(40)}`,
    source: { digest: { gitCommit: 'a'.repeat(40) } },
    artifacts: [
      { name: HOST, path: 'h', expected: null, elected: true },
      { name: GUEST, path: 'g', expected: null, elected: false },
      { name: SETUP, path: 's', expected: null, elected: false, embeds: [HOST, GUEST] },
    ],
  });
  const impliedIn = (...builders: readonly (readonly [host: string, setup: string])[]) => {
    const told = toldArtifacts(
      builders.map(([host, setup], at) =>
        result(`b${at.toString()}`, { bytes: { [HOST]: host, [GUEST]: 'same', [SETUP]: setup } }),
      ),
    );
    return impliedBy(
      told.find(({ artifact }) => artifact === SETUP)!,
      told,
      release,
    );
  };

  test('is named where whoever differ outside differ inside', () => {
    expect(impliedIn(['A', '1'], ['A', '1'], ['B', '2'])).toEqual([HOST]);
  });

  test('is not where two with the same inside differ outside', () => {
    expect(impliedIn(['A', '1'], ['A', '3'], ['B', '2'])).toEqual([]);
  });

  test('is unknown where the release is', () => {
    const told = toldArtifacts([result('x', { bytes: { [SETUP]: '1' } })]);
    expect(impliedBy(told[0]!, told, undefined)).toEqual([]);
  });
});
