import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ended } from './command-line.js';
import { Folder } from './folder.js';
import { built, digest, failed, maker, releaseOf, rosterOf } from './makers.js';
import { tallyOf } from './tally-json.js';

/** One letter a build: the bytes that came out. A builder may speak more than once. */
type Votes = readonly (readonly [builder: string, bytes: string])[];

interface Case {
  readonly claim: string;
  /** Builders by operator; five operators of one builder each otherwise. */
  readonly roster?: Readonly<Record<string, readonly string[]>>;
  /** What is expected; the bytes `A` otherwise. */
  readonly expected?: string | null;
  readonly threshold?: string;
  readonly votes: Votes;
  readonly verdict: string;
  /** The bytes of each cluster and who stands behind them. */
  readonly clusters: readonly (readonly [bytes: string, operators: string])[];
  readonly flags?: readonly string[];
  readonly contradicting?: readonly string[];
  readonly missing?: number;
  readonly exitCode: number;
}

const FIVE = { ann: ['a'], ben: ['b'], cem: ['c'], dan: ['d'], eva: ['e'] };
const THREE = { ann: ['a'], ben: ['b'], cem: ['c'] };
/** Ann answers for two builders. */
const TWO_OF_ANN = { ann: ['a', 'a2'], ben: ['b'], cem: ['c'] };

const CASES: readonly Case[] = [
  {
    claim: 'five that agree on what is expected reproduce it',
    votes: each('abcde', 'AAAAA'),
    verdict: 'reproduced',
    clusters: [['A', 'ann ben cem dan eva']],
    exitCode: 0,
  },
  {
    claim: 'a minority beside a reproduced artifact is shown as dissent',
    votes: each('abcde', 'AAAAB'),
    verdict: 'reproduced',
    clusters: [
      ['A', 'ann ben cem dan'],
      ['B', 'eva'],
    ],
    flags: ['dissent'],
    exitCode: 0,
  },
  {
    claim: '2-2-1 is a split',
    votes: each('abcde', 'BBAAC'),
    verdict: 'split',
    clusters: [
      ['A', 'cem dan'],
      ['B', 'ann ben'],
      ['C', 'eva'],
    ],
    exitCode: 1,
  },
  {
    claim: 'a tie of two pairs is a split, the expected bytes first',
    roster: { ann: ['a'], ben: ['b'], cem: ['c'], dan: ['d'] },
    votes: each('abcd', 'BBAA'),
    verdict: 'split',
    clusters: [
      ['A', 'cem dan'],
      ['B', 'ann ben'],
    ],
    exitCode: 1,
  },
  {
    claim: 'a tie of two that nobody expected is in the order of the digests',
    roster: THREE,
    expected: 'X',
    threshold: '2',
    votes: each('ab', digest('B') < digest('C') ? 'CB' : 'BC'),
    verdict: 'split',
    clusters:
      digest('B') < digest('C')
        ? [
            ['B', 'ben'],
            ['C', 'ann'],
          ]
        : [
            ['C', 'ben'],
            ['B', 'ann'],
          ],
    flags: ['published-mismatch'],
    missing: 1,
    exitCode: 1,
  },
  {
    claim: 'threshold 3/3 is met by all three',
    roster: THREE,
    threshold: '3/3',
    votes: each('abc', 'AAA'),
    verdict: 'reproduced',
    clusters: [['A', 'ann ben cem']],
    exitCode: 0,
  },
  {
    claim: 'threshold 3/3 is not met by two against one',
    roster: THREE,
    threshold: '3/3',
    votes: each('abc', 'AAB'),
    verdict: 'split',
    clusters: [
      ['A', 'ann ben'],
      ['B', 'cem'],
    ],
    exitCode: 1,
  },
  {
    claim: 'threshold 2/3 of five is four, rounded up',
    threshold: '2/3',
    votes: each('abcde', 'AAABB'),
    verdict: 'split',
    clusters: [
      ['A', 'ann ben cem'],
      ['B', 'dan eva'],
    ],
    exitCode: 1,
  },
  {
    claim: 'a single answer out of five decides nothing',
    votes: each('c', 'A'),
    verdict: 'insufficient',
    clusters: [['A', 'cem']],
    missing: 4,
    exitCode: 3,
  },
  {
    claim: 'three that agree on something else contradict what is expected',
    votes: each('abcd', 'BBBA'),
    verdict: 'contradicted',
    clusters: [
      ['B', 'ann ben cem'],
      ['A', 'dan'],
    ],
    flags: ['dissent'],
    missing: 1,
    exitCode: 1,
  },
  {
    claim: 'where nothing is expected, agreement is only agreement',
    expected: null,
    votes: each('abcde', 'AAAAA'),
    verdict: 'agreed',
    clusters: [['A', 'ann ben cem dan eva']],
    flags: ['expected-unknown'],
    exitCode: 3,
  },
  {
    claim: 'two builders of one operator that agree are one vote',
    roster: TWO_OF_ANN,
    threshold: '2',
    votes: [
      ['a', 'A'],
      ['a2', 'A'],
    ],
    verdict: 'insufficient',
    clusters: [['A', 'ann']],
    missing: 2,
    exitCode: 3,
  },
  {
    claim: 'two builders of one operator that contradict each other count for nothing',
    roster: TWO_OF_ANN,
    threshold: '2',
    votes: [
      ['a', 'A'],
      ['a2', 'B'],
      ['b', 'A'],
      ['c', 'A'],
    ],
    verdict: 'reproduced',
    clusters: [['A', 'ben cem']],
    contradicting: ['ann'],
    exitCode: 0,
  },
  {
    claim: 'a builder that says two things counts for neither',
    votes: [...each('abcde', 'AAABB'), ['c', 'B']],
    verdict: 'split',
    clusters: [
      ['A', 'ann ben'],
      ['B', 'dan eva'],
    ],
    contradicting: ['cem'],
    exitCode: 1,
  },
];

function each(builders: string, bytes: string): Votes {
  return builders.split('').map((builder, at) => [builder, bytes[at] ?? '']);
}

let all: Folder;
beforeAll(async () => {
  all = await Folder.make();
});
afterAll(async () => {
  await all.remove();
});

describe.concurrent('tally', () => {
  test.each(CASES)('$claim', async (row) => {
    const { threshold = '3', expected = 'A', roster = FIVE, votes } = row;
    const folder = await all.inner(row.claim);
    const release = releaseOf({ image: expected });
    await folder.write('release.json', release);
    await folder.write('roster.json', rosterOf(roster));
    for (const [at, [builder, bytes]] of votes.entries()) {
      await folder.write(`said/${at}.json`, built(builder, release, { image: bytes }));
    }
    const ended = await folder.run(tallyArgs(threshold, 'said'));
    const [artifact] = tallyOf(ended).artifacts;
    expect({
      verdict: artifact?.verdict,
      clusters: artifact?.clusters.map(({ digest: found, operators }) => [found, operators]),
      flags: artifact?.flags,
      contradicting: artifact?.selfContradicting.map(({ operator }) => operator),
      missing: artifact?.missing.length,
      exitCode: ended.exitCode,
    }).toEqual({
      verdict: row.verdict,
      clusters: row.clusters.map(([bytes, names]) => [digest(bytes), names.split(' ')]),
      flags: row.flags ?? [],
      contradicting: row.contradicting ?? [],
      missing: row.missing ?? 0,
      exitCode: row.exitCode,
    });
  });

  test('builders that built different sets of artifacts do not split', async () => {
    const folder = await all.inner('sets');
    const release = releaseOf({ guest: 'A', host: 'B' });
    await folder.write('release.json', release);
    await folder.write('roster.json', rosterOf(THREE));
    await folder.write('a.json', built('a', release, { guest: 'A' }));
    await folder.write('b.json', built('b', release, { guest: 'A', host: 'B' }));
    await folder.write('c.json', built('c', release, { host: 'B', other: 'X' }));
    const ended = await folder.run(tallyArgs('2', '.'));
    const { artifacts } = tallyOf(ended);
    expect(
      artifacts.map(({ verdict, clusters, missing }) => [
        verdict,
        clusters.map(({ operators }) => operators.join(' ')),
        missing.map(({ operator }) => operator),
      ]),
    ).toEqual([
      ['reproduced', ['ann ben'], ['cem']],
      ['reproduced', ['ben cem'], ['ann']],
    ]);
    expect(ended.exitCode).toBe(0);
  });

  test('failures are listed with their class, and an unavailable source is a verdict', async () => {
    const folder = await all.inner('failures');
    const release = releaseOf({ image: 'A' });
    await folder.write('release.json', release);
    await folder.write('roster.json', rosterOf(THREE));
    await folder.write('said/a.json', failed('a', release, 'source-unavailable'));
    await folder.write('said/b.json', failed('b', release, 'source-unavailable'));
    await folder.write('said/c.json', failed('c', release, 'out-of-space'));
    const ended = await folder.run(tallyArgs('2', 'said'));
    const [artifact] = tallyOf(ended).artifacts;
    expect(artifact?.verdict).toBe('source-unavailable');
    expect(artifact?.failed).toContainEqual({
      ...{ operator: 'cem', builder: maker('c').id, stage: 'build', class: 'out-of-space' },
    });
    expect(ended.exitCode).toBe(3);
  });

  test.each<[claim: string, bytes: string, tamper: boolean, exitCode: number]>([
    ['everything reproduced is 0', 'AB AB AB', false, 0],
    ['one split is 1, whatever else reproduced', 'AB AC AD', false, 1],
    ['one undecided is 3, whatever else reproduced', 'AB A- A-', false, 3],
    ['nothing said of one is 3', 'A- A- A-', false, 3],
    ['a split is 1 before an undecided 3', 'B- C- D-', false, 1],
    ['bad evidence is 4 before anything reproduced', 'AB AB AB', true, 4],
    ['bad evidence is 4 before a split', 'AB AC AD', true, 4],
    ['bad evidence is 4 before an undecided', 'A- A- A-', true, 4],
  ])('exit code over several artifacts: %s', async (claim, bytes, tamper, exitCode) => {
    const folder = await all.inner(claim);
    const release = releaseOf({ guest: 'A', host: 'B' });
    await folder.write('release.json', release);
    await folder.write('roster.json', rosterOf(THREE));
    for (const [at, pair] of bytes.split(' ').entries()) {
      const said = { guest: pair[0]!, ...(pair[1] !== '-' && { host: pair[1]! }) };
      await folder.write(`said/${at}.json`, built('abc'[at]!, release, said));
    }
    if (tamper) {
      const [signature] = built('a', release, { guest: 'X' }).signatures;
      const forged = { ...built('a', release, { guest: 'Y' }), signatures: [signature] };
      await folder.write('said/forged.json', forged);
    }
    const ended: Ended = await folder.run(tallyArgs('2', 'said'));
    expect(ended.exitCode).toBe(exitCode);
    expect(tallyOf(ended).refused.map(({ code }) => code)).toEqual(tamper ? ['BAD_SIGNATURE'] : []);
  });
});

function tallyArgs(threshold: string, ...said: string[]): string[] {
  const files = ['--release', 'release.json', '--roster', 'roster.json'];
  return ['tally', ...files, '--threshold', threshold, '--json', ...said];
}
