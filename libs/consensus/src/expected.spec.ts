import { describe, expect, test } from 'vitest';
import { ARTIFACT, DIGESTS, built, question, reading, said, soloRoster } from './ballot.fixture.js';
import type { Observation, Standing } from './claim.js';
import { expectationOf, type Expectation } from './expected.js';

const OPERATORS = ['alice', 'bob', 'carol', 'dan', 'erin'];
const ADVISORY = question({ elected: false, expected: null });

/** Five operators of one builder each, by what each of them read. */
function expectation(
  readings: readonly (readonly Observation[] | Standing['kind'])[],
): Expectation {
  const standings = new Map(
    readings.map((read, at): [string, Standing] => {
      const builder = `${OPERATORS[at] ?? ''}-1`;
      if (typeof read === 'string') return [builder, { kind: read } as Standing];
      return [builder, said(built(builder, {}, read))];
    }),
  );
  return expectationOf(ADVISORY, soloRoster(OPERATORS), standings, 3);
}

const x = [reading(DIGESTS.x)];
const y = [reading(DIGESTS.y)];

describe('the expected digest', () => {
  test('is the payload’s, whatever builders read', () => {
    const standings = new Map(
      OPERATORS.map((operator) => [`${operator}-1`, said(built(`${operator}-1`, {}, x))]),
    );
    const expected = { digest: DIGESTS.expected, mayBecomeKnown: false };
    expect(expectationOf(question(), soloRoster(OPERATORS), standings, 3)).toEqual(expected);
  });

  test('is else what t operators read in SHA256SUMS', () => {
    expect(expectation([x, x, x, y, []])).toEqual({ digest: DIGESTS.x, mayBecomeKnown: false });
  });

  test('is unknown below t readings', () => {
    expect(expectation([x, x, y, [], []])).toEqual({ digest: null, mayBecomeKnown: false });
  });

  test('is unknown where nothing was published', () => {
    expect(expectation([[], [], [], [], []])).toEqual({ digest: null, mayBecomeKnown: false });
  });

  test.each(['cdn-bytes', 'proposal-url'] as const)('never comes from %s', (source) => {
    const bytes = [reading(DIGESTS.x, ARTIFACT, source)];
    expect(expectation([bytes, bytes, bytes, bytes, bytes]).digest).toBeNull();
  });

  test('never comes from lines about other artifacts', () => {
    const other = [reading(DIGESTS.x, 'hostos/update-img')];
    expect(expectation([other, other, other, other, other]).digest).toBeNull();
  });

  test('never comes from one builder’s word, however often it says it', () => {
    expect(expectation([[...x, ...x, ...x, ...x], [], [], [], []]).digest).toBeNull();
  });

  test('counts an operator of many builders once', () => {
    const roster = [
      { operator: 'alice', builders: ['a-1', 'a-2', 'a-3'] },
      { operator: 'bob', builders: ['b-1'] },
      { operator: 'carol', builders: ['c-1'] },
    ];
    const standings = new Map(
      ['a-1', 'a-2', 'a-3'].map((builder) => [builder, said(built(builder, {}, x))]),
    );
    expect(expectationOf(ADVISORY, roster, standings, 2).digest).toBeNull();
  });
});

describe('an operator vouches for no line', () => {
  test('when its builder read two different ones', () => {
    expect(expectation([x, x, [...x, ...y], [], []]).digest).toBeNull();
  });

  test('when its builders read two different ones', () => {
    const roster = [
      { operator: 'alice', builders: ['a-1'] },
      { operator: 'bob', builders: ['b-1', 'b-2'] },
      { operator: 'carol', builders: ['c-1'] },
    ];
    const read = (builder: string, observations: readonly Observation[]): [string, Standing] => [
      builder,
      said(built(builder, {}, observations)),
    ];
    const agreeing = new Map([read('a-1', x), read('b-1', x), read('b-2', x)]);
    expect(expectationOf(ADVISORY, roster, agreeing, 2).digest).toBe(DIGESTS.x);
    const differing = new Map([read('a-1', x), read('b-1', x), read('b-2', y)]);
    expect(expectationOf(ADVISORY, roster, differing, 2).digest).toBeNull();
  });

  test('when one of its builders does not reveal, whatever the other one read', () => {
    const roster = [
      { operator: 'alice', builders: ['a-1'] },
      { operator: 'bob', builders: ['b-1', 'b-2'] },
      { operator: 'carol', builders: ['c-1'] },
    ];
    const standings = new Map<string, Standing>([
      ['a-1', said(built('a-1', {}, x))],
      ['b-1', said(built('b-1', {}, x))],
      ['b-2', { kind: 'unrevealed' }],
    ]);
    expect(expectationOf(ADVISORY, roster, standings, 2).digest).toBeNull();
  });

  test.each(['unrevealed', 'absent'] as const)('when it is %s', (kind) => {
    expect(expectation([x, x, kind, [], []])).toEqual({ digest: null, mayBecomeKnown: false });
  });
});

describe('an expected digest may still become known', () => {
  test('while outstanding operators could complete t readings', () => {
    expect(expectation([x, x, 'outstanding', y, []]).mayBecomeKnown).toBe(true);
    expect(expectation([x, 'outstanding', 'outstanding', y, []]).mayBecomeKnown).toBe(true);
  });

  test('no longer when they are too few', () => {
    expect(expectation([x, y, 'outstanding', [], []]).mayBecomeKnown).toBe(false);
  });
});
