import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import {
  ARTIFACT,
  DIGESTS,
  ballotOf,
  built,
  decideOne,
  question,
  said,
  sizesOf,
  soloBallot,
  soloRoster,
} from './ballot.fixture.js';
import type { Standing } from './claim.js';
import { decide } from './decide.js';
import { outcomeOf } from './outcome.js';
import { OPENED, applyEntry, type RoundEntry } from './round.js';
import { parseThreshold } from './threshold.js';

describe('Trustix', () => {
  test('a tie decides nothing (Trustix decided at random)', () => {
    const words = ['expected', 'expected', 'x', 'x'] as const;
    const runs = Array.from({ length: 50 }, () => decideOne(soloBallot(words)));
    expect(new Set(runs.map(({ verdict }) => verdict))).toEqual(new Set(['split']));
    expect(new Set(runs.map((run) => JSON.stringify(run))).size).toBe(1);
  });

  test('three of three at 100 % are reached (Trustix said that they could not be)', () => {
    const threshold = parseThreshold('100/100');
    const words = ['expected', 'expected', 'expected'] as const;
    expect(decideOne(soloBallot(words, { threshold }))).toMatchObject({
      verdict: 'reproduced',
      needed: 3,
    });
  });

  test('who does not answer stays in the denominator (Trustix left it out)', () => {
    const threshold = parseThreshold('2/3');
    const words = ['expected', 'expected', 'absent', 'absent', 'absent'] as const;
    expect(decideOne(soloBallot(words, { threshold }))).toMatchObject({
      verdict: 'insufficient',
      needed: 4,
    });
  });

  test('without a quorum the split itself is told, cluster by cluster (Trustix lost it)', () => {
    const verdict = decideOne(soloBallot(['x', 'x', 'y', 'z', 'expected']));
    expect(verdict.verdict).toBe('split');
    expect(sizesOf(verdict)).toEqual([2, 1, 1, 1]);
    expect(verdict.clusters.flatMap(({ operators }) => operators)).toHaveLength(5);
  });
});

describe('guix-verify', () => {
  test('a mismatch fails (guix-verify printed ERR and did not)', () => {
    const verdict = decideOne(soloBallot(['x', 'x', 'x', 'expected', 'expected']));
    expect(outcomeOf([verdict])).toBe('not-reproduced');
  });

  test('builders of different sets of artifacts are no split (guix-verify compared whole manifests)', () => {
    const other = sha256('host');
    const standings = new Map<string, Standing>([
      ['a-1', said(built('a-1', { [ARTIFACT]: DIGESTS.expected }))],
      ['b-1', said(built('b-1', { [ARTIFACT]: DIGESTS.expected, 'hostos/update-img': other }))],
      ['c-1', said(built('c-1', { 'hostos/update-img': other }))],
    ]);
    const questions = [question(), question({ name: 'hostos/update-img', expected: other })];
    const roster = soloRoster(['a', 'b', 'c']);
    const threshold = parseThreshold('2');
    const verdicts = decide(ballotOf({ roster, threshold, questions, standings }));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['reproduced', 'reproduced']);
    expect(verdicts.map(({ missing }) => missing.map(({ builder }) => builder))).toEqual([
      ['c-1'],
      ['a-1'],
    ]);
  });
});

describe('Lila and sigstore-js', () => {
  const roster = soloRoster(['a', 'b', 'c']);
  const claim = built('a-1', { [ARTIFACT]: DIGESTS.expected });

  test('a submitter that repeats itself counts once (Lila counted it twice)', () => {
    const standings = new Map([['a-1', said(claim, { ...claim }, claim)]]);
    const verdict = decideOne(ballotOf({ roster, threshold: parseThreshold('2'), standings }));
    expect(verdict.verdict).toBe('insufficient');
    expect(verdict.clusters).toMatchObject([{ operators: ['a'], builders: ['a-1'] }]);
  });

  test('a submitter with three machines counts once (Lila counted machines)', () => {
    const machines = ['a-1', 'a-2', 'a-3'];
    const standings = new Map(
      machines.map((builder) => [builder, said(built(builder, { [ARTIFACT]: DIGESTS.expected }))]),
    );
    const wide = [{ operator: 'a', builders: machines }, ...soloRoster(['b', 'c'])];
    const verdict = decideOne(
      ballotOf({ roster: wide, threshold: parseThreshold('2'), standings }),
    );
    expect(verdict.verdict).toBe('insufficient');
    expect(verdict.clusters).toMatchObject([{ operators: ['a'], builders: machines }]);
  });

  test('an entry repeated in the log is no second vote (sigstore-js counted it)', () => {
    const entries: readonly RoundEntry[] = [
      { kind: 'commit', builder: 'a-1', commitment: sha256('a') },
      { kind: 'commit', builder: 'a-1', commitment: sha256('a') },
      { kind: 'close' },
      { kind: 'reveal', commitment: sha256('a'), claim },
      { kind: 'reveal', commitment: sha256('a'), claim },
    ];
    const state = entries.reduce(applyEntry, OPENED);
    expect([...state.claims.keys()]).toEqual(['a-1']);
  });
});

describe('rebuilderd', () => {
  test('nobody reports for another (any rebuilderd worker could report any job)', () => {
    const entries: readonly RoundEntry[] = [
      { kind: 'commit', builder: 'a-1', commitment: sha256('a') },
      { kind: 'commit', builder: 'b-1', commitment: sha256('b') },
      { kind: 'close' },
      { kind: 'reveal', commitment: sha256('b'), claim: built('a-1', { [ARTIFACT]: DIGESTS.x }) },
    ];
    expect(entries.reduce(applyEntry, OPENED).claims.size).toBe(0);
  });

  test('a claim of a builder that nobody invited counts for nothing', () => {
    const ballot = soloBallot(['expected', 'expected', 'absent', 'absent', 'absent']);
    const mallory = said(built('mallory-1', { [ARTIFACT]: DIGESTS.expected }));
    const standings = new Map(ballot.standings).set('mallory-1', mallory);
    expect(decideOne({ ...ballot, standings })).toEqual(decideOne(ballot));
  });

  test('bad news is in the verdict, with who brought it (rebuilderd signed good news only)', () => {
    const verdict = decideOne(soloBallot(['x', 'x', 'x', 'failed', 'failed']));
    expect(verdict.verdict).toBe('contradicted');
    expect(verdict.clusters[0]).toMatchObject({
      digest: DIGESTS.x,
      operators: ['op1', 'op2', 'op3'],
    });
    expect(verdict.failed.map(({ operator }) => operator)).toEqual(['op4', 'op5']);
  });
});

describe('repro-check', () => {
  test('a failed build and a mismatch end differently (repro-check gave both one exit code)', () => {
    const mismatch = decideOne(soloBallot(['x', 'x', 'x']));
    const broken = decideOne(soloBallot(['failed', 'failed', 'failed']));
    expect([outcomeOf([mismatch]), outcomeOf([broken])]).toEqual(['not-reproduced', 'undecided']);
  });

  test('a mismatch is never satisfied (repro-check once ended with 0)', () => {
    for (const words of [
      ['x', 'x', 'x'],
      ['x', 'y', 'z'],
      ['expected', 'x', 'y'],
    ] as const) {
      expect(
        outcomeOf([decideOne(soloBallot(words, { threshold: parseThreshold('2') }))]),
      ).not.toBe('satisfied');
    }
  });
});

test('a verdict is given once; newer data overwrites none (the Solana explorer’s did)', () => {
  const final = (['close', 'verdict'] as const).reduce(
    (state, kind) => applyEntry(state, { kind }),
    OPENED,
  );
  expect(() => applyEntry(final, { kind: 'verdict' })).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN_TRANSITION' }),
  );
});
