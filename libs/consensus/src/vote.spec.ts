import { describe, expect, test } from 'vitest';
import {
  ARTIFACT,
  DIGESTS,
  built,
  failed,
  said,
  standingFor,
  type Said,
} from './ballot.fixture.js';
import type { Standing } from './claim.js';
import { voteOf, type Vote } from './vote.js';

const OPERATOR = { operator: 'alice', builders: ['a-1', 'a-2'] };

function vote(first: Said, second: Said): Vote {
  return voteOf(
    OPERATOR,
    ARTIFACT,
    new Map([
      ['a-1', standingFor('a-1', first)],
      ['a-2', standingFor('a-2', second)],
    ]),
  );
}

function soloVote(standing: Standing): Vote {
  return voteOf({ operator: 'alice', builders: ['a-1'] }, ARTIFACT, new Map([['a-1', standing]]));
}

describe('an operator with two builders', () => {
  test('that agree votes once', () => {
    expect(vote('x', 'x')).toEqual({ kind: 'digest', digest: DIGESTS.x, builders: ['a-1', 'a-2'] });
  });

  test('that contradict each other votes for nothing, and both digests are shown', () => {
    const expected = {
      kind: 'self-contradicting',
      votes: [
        { builder: 'a-1', digest: DIGESTS.x },
        { builder: 'a-2', digest: DIGESTS.y },
      ],
    };
    expect(vote('x', 'y')).toEqual(expected);
  });

  test.each(['failed', 'source-unavailable', 'absent'] as const)(
    'votes by the one that built when the other is %s',
    (other) => {
      const expected = { kind: 'digest', digest: DIGESTS.x, builders: ['a-1'] };
      expect(vote('x', other)).toEqual(expected);
      expect(vote(other, 'x')).toEqual({ ...expected, builders: ['a-2'] });
    },
  );

  test.each(['expected', 'failed', 'absent', 'outstanding', 'unrevealed'] as const)(
    'is void when one does not reveal and the other is %s: it could show the digest it prefers',
    (other) => {
      expect(vote('unrevealed', other)).toEqual({ kind: 'void' });
      expect(vote(other, 'unrevealed')).toEqual({ kind: 'void' });
    },
  );

  test.each(['x', 'failed', 'absent', 'outstanding'] as const)(
    'is outstanding as long as one is, though the other is %s',
    (other) => {
      expect(vote('outstanding', other)).toEqual({ kind: 'outstanding' });
      expect(vote(other, 'outstanding')).toEqual({ kind: 'outstanding' });
    },
  );

  test('fails by both classes when both fail', () => {
    expect(vote('failed', 'source-unavailable')).toEqual({
      kind: 'failed',
      classes: ['out-of-space', 'source-unavailable'],
    });
  });

  test('of which nobody knows anything says nothing', () => {
    expect(voteOf(OPERATOR, ARTIFACT, new Map())).toEqual({ kind: 'none' });
    expect(vote('absent', 'absent')).toEqual({ kind: 'none' });
  });
});

describe('a builder', () => {
  test('that says the same twice counts once and is listed once', () => {
    const claim = built('a-1', { [ARTIFACT]: DIGESTS.x });
    expect(soloVote(said(claim, claim))).toEqual({
      kind: 'digest',
      digest: DIGESTS.x,
      builders: ['a-1'],
    });
  });

  test('that equivocates makes its operator contradict itself, each digest shown once', () => {
    const x = built('a-1', { [ARTIFACT]: DIGESTS.x });
    const y = built('a-1', { [ARTIFACT]: DIGESTS.y });
    const digests = [DIGESTS.x, DIGESTS.y].toSorted();
    const expected = {
      kind: 'self-contradicting',
      votes: digests.map((digest) => ({ builder: 'a-1', digest })),
    };
    expect(soloVote(said(x, y, x))).toEqual(expected);
    expect(soloVote(said(y, x))).toEqual(expected);
  });

  test('that built other artifacts only says nothing of this one', () => {
    expect(soloVote(said(built('a-1', { 'hostos/update-img': DIGESTS.x })))).toEqual({
      kind: 'none',
    });
  });

  test('that failed first and then built has built', () => {
    const claims = [failed('a-1'), built('a-1', { [ARTIFACT]: DIGESTS.x })];
    expect(soloVote(said(...claims))).toMatchObject({ kind: 'digest', digest: DIGESTS.x });
    expect(soloVote(said(...claims.toReversed()))).toMatchObject({ kind: 'digest' });
  });
});
