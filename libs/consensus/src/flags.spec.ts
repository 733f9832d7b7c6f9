import { describe, expect, test } from 'vitest';
import {
  ARTIFACT,
  DIGESTS,
  ballotOf,
  built,
  decideOne,
  question,
  reading,
  said,
  soloBallot,
  soloRoster,
  type Said,
} from './ballot.fixture.js';
import type { Observation, Standing } from './claim.js';
import type { Ballot } from './decide.js';
import { FLAGS, type Flag } from './flags.js';

const flags = (words: readonly Said[], over: Partial<Ballot> = {}): readonly Flag[] =>
  decideOne(soloBallot(words, over)).flags;
const advisory = [question({ elected: false })];
const unpublished = [question({ expected: null })];

/** Three builders of the expected digest, by what each of them read as published. */
function flagsOfReadings(...readings: readonly (readonly Observation[])[]): readonly Flag[] {
  const roster = soloRoster(readings.map((_, at) => `op${at}`));
  const standings = new Map(
    readings.map((observations, at): [string, Standing] => [
      `op${at}-1`,
      said(built(`op${at}-1`, { [ARTIFACT]: DIGESTS.expected }, observations)),
    ]),
  );
  return decideOne(ballotOf({ roster, standings })).flags;
}

describe('no flag', () => {
  test('where everybody built what the proposal elects', () => {
    expect(flags(['expected', 'expected', 'expected'])).toEqual([]);
  });

  test('for a split between elected digests, one of which is the expected', () => {
    expect(flags(['expected', 'expected', 'x', 'x', 'y'])).toEqual([]);
  });
});

describe('advisory', () => {
  test('stands on what the proposal does not elect', () => {
    expect(flags(['expected', 'expected', 'expected'], { questions: advisory })).toEqual([
      'advisory',
    ]);
  });
});

describe('dissent', () => {
  test.each([
    ['reproduced', ['expected', 'expected', 'expected', 'x', 'absent']],
    ['contradicted', ['x', 'x', 'x', 'expected', 'y']],
  ] as const)('stands beside %s', (verdict, words) => {
    const decided = decideOne(soloBallot(words));
    expect(decided.verdict).toBe(verdict);
    expect(decided.flags).toContain('dissent');
  });

  test('stands beside agreed', () => {
    expect(flags(['x', 'x', 'x', 'y'], { questions: unpublished })).toEqual([
      'dissent',
      'expected-unknown',
    ]);
  });

  test('is not what a failure or silence is', () => {
    expect(flags(['expected', 'expected', 'expected', 'failed', 'absent'])).toEqual([]);
  });

  test('is not what a split is', () => {
    expect(flags(['expected', 'x', 'y'])).toEqual([]);
  });
});

describe('published-mismatch', () => {
  test('stands where no vote is the expected digest', () => {
    expect(flags(['x', 'x', 'y'])).toEqual(['published-mismatch']);
  });

  test('does not stand where one is, nor where nobody built, nor where nothing is expected', () => {
    expect(flags(['x', 'x', 'expected'])).not.toContain('published-mismatch');
    expect(flags(['failed', 'failed', 'absent'])).toEqual([]);
    expect(flags(['x', 'y', 'z'], { questions: unpublished })).toEqual(['expected-unknown']);
  });

  test('is not lifted by an operator that contradicts itself with the expected digest', () => {
    const roster = [...soloRoster(['a', 'b']), { operator: 'c', builders: ['c-1', 'c-2'] }];
    const standings = new Map<string, Standing>([
      ['a-1', said(built('a-1', { [ARTIFACT]: DIGESTS.x }))],
      ['b-1', said(built('b-1', { [ARTIFACT]: DIGESTS.x }))],
      ['c-1', said(built('c-1', { [ARTIFACT]: DIGESTS.x }))],
      ['c-2', said(built('c-2', { [ARTIFACT]: DIGESTS.expected }))],
    ]);
    expect(decideOne(ballotOf({ roster, standings })).flags).toEqual(['published-mismatch']);
  });
});

describe('published-inconsistent', () => {
  const good = reading(DIGESTS.expected);

  test('does not stand where everything published is one digest', () => {
    const bytes = reading(DIGESTS.expected, ARTIFACT, 'cdn-bytes');
    expect(flagsOfReadings([good, bytes], [good], [])).toEqual([]);
  });

  test.each(['cdn-sums', 'cdn-bytes', 'proposal-url'] as const)(
    'stands where one builder’s %s is not what the proposal names: one caller may be lied to',
    (source) => {
      const other = reading(DIGESTS.x, ARTIFACT, source);
      expect(flagsOfReadings([good], [good], [other])).toEqual(['published-inconsistent']);
    },
  );

  test('stands where everybody reads one digest, and it is not what the proposal names', () => {
    const other = [reading(DIGESTS.x)];
    expect(flagsOfReadings(other, other, other)).toEqual(['published-inconsistent']);
  });

  test('does not stand on account of another artifact', () => {
    expect(flagsOfReadings([good], [good], [reading(DIGESTS.x, 'hostos/update-img')])).toEqual([]);
  });

  test('does not stand on account of a builder that was not invited', () => {
    const ballot = soloBallot(['expected', 'expected', 'expected']);
    const standings = new Map(ballot.standings).set(
      'mallory-1',
      said(built('mallory-1', {}, [reading(DIGESTS.x)])),
    );
    expect(decideOne({ ...ballot, standings }).flags).toEqual([]);
  });
});

describe('flags of who spoke when', () => {
  test('unrevealed stands where a commit was never opened', () => {
    expect(flags(['expected', 'expected', 'expected', 'unrevealed'])).toEqual(['unrevealed']);
  });

  test('late stands where an invited builder committed after the close', () => {
    const words = ['expected', 'expected', 'expected', 'absent'] as const;
    const verdict = decideOne(soloBallot(words, { late: new Set(['op4-1', 'mallory-1']) }));
    expect(verdict.flags).toEqual(['late']);
    expect(verdict.late).toEqual([{ operator: 'op4', builder: 'op4-1' }]);
    expect(verdict.missing).toEqual([]);
  });
});

describe('flags of the round', () => {
  const words = ['expected', 'expected', 'expected'] as const;

  test.each(FLAGS)(
    '%s is passed on once, to every artifact or to the one that it names',
    (flag) => {
      const onOther = new Map<string, readonly Flag[]>([['hostos/update-img', [flag]]]);
      expect(flags(words, { roundFlags: onOther })).toEqual([]);
      const onBoth = new Map<string, readonly Flag[]>([
        ['*', [flag]],
        [ARTIFACT, [flag]],
      ]);
      expect(flags(words, { roundFlags: onBoth })).toEqual([flag]);
    },
  );

  test('come out in one order, whatever order they were raised in', () => {
    const all = new Map<string, readonly Flag[]>([['*', FLAGS.toReversed()]]);
    expect(flags(words, { roundFlags: all })).toEqual(FLAGS);
  });
});
