import { describe, expect, test } from 'vitest';
import { sha256, type Sha256 } from '#libs/encoding';
import {
  ARTIFACT,
  DIGESTS,
  ballotOf,
  built,
  decideOne,
  failed,
  question,
  reading,
  said,
  sizesOf,
  soloBallot,
  soloRoster,
  type Said,
} from './ballot.fixture.js';
import type { Standing } from './claim.js';
import { decide, type Ballot } from './decide.js';
import { roundOutcome } from './outcome.js';
import { parseThreshold } from './threshold.js';

const GUEST = 'guestos/update-img';
const HOST = 'hostos/update-img';
const SETUP = 'setupos/disk-img';

describe('the split that a community met: five rebuild a release whose GuestOS is elected', () => {
  const operators = ['alice', 'bob', 'carol', 'dan', 'erin'];
  const published: Readonly<Record<string, Sha256>> = {
    [HOST]: sha256('published host'),
    [SETUP]: sha256('published setup'),
  };
  const standings = new Map(
    operators.map((operator, at): [string, Standing] => {
      // Alice and bob work on equal machines; every other machine gives bytes of its own.
      const machine = at < 2 ? 'alike' : operator;
      const digests = {
        [GUEST]: DIGESTS.expected,
        [HOST]: sha256(`host ${machine}`),
        [SETUP]: sha256(`setup ${machine}`),
      };
      const read = Object.entries(published).map(([name, digest]) => reading(digest, name));
      return [`${operator}-1`, said(built(`${operator}-1`, digests, read))];
    }),
  );
  const verdicts = decide({
    ...ballotOf({ roster: soloRoster(operators) }),
    questions: [
      question({ name: GUEST }),
      question({ name: HOST, elected: false, expected: null }),
      question({ name: SETUP, elected: false, expected: null, embeds: [HOST, GUEST] }),
    ],
    standings,
  });
  const [guest, host, setup] = verdicts;

  test('GuestOS is reproduced by five of five', () => {
    expect(guest).toMatchObject({ verdict: 'reproduced', needed: 3, flags: [], missing: [] });
    expect(sizesOf(guest!)).toEqual([5]);
  });

  test('HostOS is split 2-1-1-1, advisory, and nobody built what is published', () => {
    expect(host).toMatchObject({
      verdict: 'split',
      expected: published[HOST],
      flags: ['advisory', 'published-mismatch'],
    });
    expect(sizesOf(host!)).toEqual([2, 1, 1, 1]);
    expect(host?.clusters[0]?.operators).toEqual(['alice', 'bob']);
  });

  test('SetupOS is split alike, because HostOS inside it is', () => {
    expect(setup).toMatchObject({
      verdict: 'split',
      flags: ['advisory', 'implied-by', 'published-mismatch'],
      impliedBy: [HOST],
    });
    expect(sizesOf(setup!)).toEqual([2, 1, 1, 1]);
  });

  test('the round is satisfied: the proposal elects GuestOS', () => {
    expect(roundOutcome(verdicts)).toBe('satisfied');
  });
});

describe('one verdict each', () => {
  const unpublished = { questions: [question({ expected: null })] };
  const unanimous = { threshold: parseThreshold('3/3') };

  test.each<[string, string, readonly Said[], Partial<Ballot>]>([
    ['reproduced', 'three of five', ['expected', 'expected', 'expected', 'x', 'absent'], {}],
    ['reproduced', 'unanimous', ['expected', 'expected', 'expected'], unanimous],
    ['split', 'two of three where all are needed', ['expected', 'expected', 'x'], unanimous],
    ['insufficient', 'two of three, one silent', ['expected', 'expected', 'absent'], unanimous],
    ['contradicted', 'three agree on other bytes', ['x', 'x', 'x', 'expected', 'expected'], {}],
    ['agreed', 'nothing is published', ['x', 'x', 'x', 'failed', 'absent'], unpublished],
    ['split', '2-2-1', ['expected', 'expected', 'x', 'x', 'y'], {}],
    ['split', 'two alike, three apart', ['x', 'x', 'y', 'z', 'expected'], {}],
    [
      'insufficient',
      'a single answer of five',
      ['expected', 'absent', 'absent', 'absent', 'absent'],
      {},
    ],
    ['insufficient', 'nobody answered', ['absent', 'absent', 'absent', 'absent', 'absent'], {}],
    ['insufficient', 'all failed', ['failed', 'failed', 'failed', 'failed', 'failed'], {}],
    [
      'source-unavailable',
      'a private hotfix',
      ['source-unavailable', 'source-unavailable', 'source-unavailable', 'failed', 'x'],
      {},
    ],
    [
      'insufficient',
      'two could not get the source, three failed otherwise',
      ['source-unavailable', 'source-unavailable', 'failed', 'failed', 'failed'],
      {},
    ],
    [
      'insufficient',
      'commits never opened',
      ['expected', 'expected', 'unrevealed', 'unrevealed', 'unrevealed'],
      {},
    ],
  ])('%s: %s', (verdict, _what, words, over) => {
    expect(decideOne(soloBallot(words, over)).verdict).toBe(verdict);
  });

  test('source-unavailable needs operators all of whose builders failed by that', () => {
    const roster = ['a', 'b', 'c'].map((operator) => ({
      operator,
      builders: [`${operator}-1`, `${operator}-2`],
    }));
    const gone = (builder: string): [string, Standing] => [
      builder,
      said(failed(builder, 'source-unavailable', 'source')),
    ];
    const all = roster.flatMap(({ builders }) => builders).map(gone);
    const threshold = parseThreshold('2');
    expect(decideOne(ballotOf({ roster, threshold, standings: new Map(all) })).verdict).toBe(
      'source-unavailable',
    );
    const mixed = new Map(all).set('a-2', said(failed('a-2'))).set('b-2', said(failed('b-2')));
    expect(decideOne(ballotOf({ roster, threshold, standings: mixed })).verdict).toBe(
      'insufficient',
    );
  });
});

describe('the threshold of a ballot', () => {
  test.each([
    ['2', 'THRESHOLD_TOO_LOW'],
    ['2/5', 'THRESHOLD_TOO_LOW'],
    ['6', 'THRESHOLD_OUT_OF_REACH'],
  ])('%s of five is refused, whoever answered', (threshold, code) => {
    const words: readonly Said[] = ['expected', 'expected', 'absent', 'absent', 'absent'];
    expect(() => decide(soloBallot(words, { threshold: parseThreshold(threshold) }))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test('a roster in which somebody would count twice is refused', () => {
    expect(() => decide(ballotOf({ roster: soloRoster(['a', 'a', 'b']) }))).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_OPERATOR' }),
    );
  });
});

describe('who is in no cluster', () => {
  test('is listed by reason', () => {
    const words = ['expected', 'failed', 'absent', 'unrevealed', 'absent'] as const;
    expect(decideOne(soloBallot(words, { late: new Set(['op5-1']) }))).toMatchObject({
      failed: [{ operator: 'op2', builder: 'op2-1', stage: 'build', class: 'out-of-space' }],
      missing: [{ operator: 'op3', builder: 'op3-1' }],
      unrevealed: [{ operator: 'op4', builder: 'op4-1' }],
      late: [{ operator: 'op5', builder: 'op5-1' }],
    });
  });

  test('is missing here when it built, but not this artifact', () => {
    const standings = new Map([['a-1', said(built('a-1', { [HOST]: DIGESTS.x }))]]);
    const verdict = decideOne(ballotOf({ roster: soloRoster(['a', 'b', 'c']), standings }));
    expect(verdict.missing.map(({ builder }) => builder)).toEqual(['a-1', 'b-1', 'c-1']);
  });

  test('is listed once, however often it signed the same failure', () => {
    const twice = said(failed('a-1'), failed('a-1'));
    const roster = soloRoster(['a', 'b', 'c']);
    expect(decideOne(ballotOf({ roster, standings: new Map([['a-1', twice]]) })).failed).toEqual([
      { operator: 'a', builder: 'a-1', stage: 'build', class: 'out-of-space' },
    ]);
  });
});

test('a question is judged by its own expected digest, though another bears its name', () => {
  const questions = [question(), question({ expected: DIGESTS.x })];
  const ballot = soloBallot(['expected', 'expected', 'expected'], { questions });
  expect(decide(ballot).map(({ verdict }) => verdict)).toEqual(['reproduced', 'contradicted']);
  expect(questions.every(({ name }) => name === ARTIFACT)).toBe(true);
});
