import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIGESTS } from './ballot.fixture.js';
import { clusterVotes } from './cluster.js';
import type { Vote } from './vote.js';

const digestVote = (operator: string, name: keyof typeof DIGESTS): [string, Vote] => [
  operator,
  { kind: 'digest', digest: DIGESTS[name], builders: [`${operator}-2`, `${operator}-1`] },
];

describe('clusters', () => {
  test('have operators and builders in order of their names', () => {
    const votes = new Map([digestVote('bob', 'x'), digestVote('alice', 'x')]);
    expect(clusterVotes(votes, null)).toEqual([
      {
        digest: DIGESTS.x,
        operators: ['alice', 'bob'],
        builders: ['alice-1', 'alice-2', 'bob-1', 'bob-2'],
        matchesExpected: false,
      },
    ]);
  });

  test('stand by votes first, though a smaller one is the expected', () => {
    const votes = new Map([
      digestVote('alice', 'expected'),
      digestVote('bob', 'x'),
      digestVote('carol', 'x'),
    ]);
    const digests = clusterVotes(votes, DIGESTS.expected).map(({ digest }) => digest);
    expect(digests).toEqual([DIGESTS.x, DIGESTS.expected]);
  });

  test.each(['expected', 'x', 'y', 'z'] as const)(
    'of equal votes have the expected digest first, then the smaller one (expected is %s)',
    (name) => {
      const votes = new Map([
        digestVote('alice', 'x'),
        digestVote('bob', 'y'),
        digestVote('carol', 'z'),
        digestVote('dan', 'expected'),
      ]);
      const rest = Object.values(DIGESTS).filter((digest) => digest !== DIGESTS[name]);
      const clusters = clusterVotes(votes, DIGESTS[name]);
      expect(clusters.map(({ digest }) => digest)).toEqual([DIGESTS[name], ...rest.toSorted()]);
      expect(clusters.map((cluster) => cluster.matchesExpected)).toEqual([
        true,
        false,
        false,
        false,
      ]);
    },
  );

  test('leave out whoever gave no digest', () => {
    const votes = new Map<string, Vote>([
      ['alice', { kind: 'failed', classes: ['timeout'] }],
      ['bob', { kind: 'void' }],
      ['carol', { kind: 'none' }],
      ['dan', { kind: 'outstanding' }],
      ['erin', { kind: 'self-contradicting', votes: [] }],
    ]);
    expect(clusterVotes(votes, DIGESTS.expected)).toEqual([]);
  });

  test('come out the same whatever order the votes are in', () => {
    const names = ['expected', 'x', 'y', 'z'] as const;
    const votes = fc.array(fc.constantFrom(...names), { maxLength: 8 });
    fc.assert(
      fc.property(
        votes.chain((list) => {
          const entries = list.map((name, at) => digestVote(`op${at}`, name));
          const shuffled = fc.shuffledSubarray(entries, { minLength: entries.length });
          return fc.tuple(fc.constant(entries), shuffled);
        }),
        ([entries, shuffled]) => {
          expect(clusterVotes(new Map(shuffled), DIGESTS.expected)).toEqual(
            clusterVotes(new Map(entries), DIGESTS.expected),
          );
        },
      ),
    );
  });
});
