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
import { agreedDigest, type Phase, type Verdict } from './verdict.js';

const early = (words: readonly Said[]): Verdict =>
  decideOne(soloBallot(words, { phase: 'revealing' })).verdict;

describe('before the end', () => {
  test.each<[Verdict, readonly Said[]]>([
    ['reproduced', ['expected', 'expected', 'expected', 'outstanding', 'outstanding']],
    ['contradicted', ['x', 'x', 'x', 'outstanding', 'outstanding']],
    ['split', ['x', 'y', 'z', 'expected', 'outstanding']],
    ['insufficient', ['failed', 'absent', 'failed', 'outstanding', 'outstanding']],
    ['pending', ['expected', 'expected', 'x', 'x', 'outstanding']],
    ['pending', ['expected', 'expected', 'outstanding', 'failed', 'failed']],
    ['pending', ['x', 'y', 'failed', 'failed', 'outstanding']],
    ['pending', ['outstanding', 'outstanding', 'outstanding', 'outstanding', 'outstanding']],
  ])('%s: %j', (verdict, words) => {
    expect(early(words)).toBe(verdict);
  });
});

describe('the end', () => {
  test('waits for nobody', () => {
    const words = ['expected', 'expected', 'outstanding', 'outstanding', 'outstanding'] as const;
    expect(decideOne(soloBallot(words)).verdict).toBe('insufficient');
  });
});

describe('an agreement on an artifact whose published digest is still being read', () => {
  const x = [reading(DIGESTS.x)];
  /** Three of five agree on `x`; what each read, and the others' standing. */
  function verdict(
    phase: Phase,
    reads: readonly (readonly Observation[])[],
    rest: Standing,
  ): Verdict {
    const roster = soloRoster(['a', 'b', 'c', 'd', 'e']);
    const standings = new Map<string, Standing>(
      ['a-1', 'b-1', 'c-1'].map((builder, at) => [
        builder,
        said(built(builder, { [ARTIFACT]: DIGESTS.x }, reads[at])),
      ]),
    );
    standings.set('d-1', rest).set('e-1', rest);
    const questions = [question({ elected: false, expected: null })];
    return decideOne(ballotOf({ roster, phase, questions, standings })).verdict;
  }

  test('is pending while the readings to come could make it reproduced', () => {
    expect(verdict('revealing', [x, [], []], { kind: 'outstanding' })).toBe('pending');
    expect(verdict('final', [x, [], []], { kind: 'outstanding' })).toBe('agreed');
  });

  test('is agreed as soon as they could not', () => {
    expect(verdict('revealing', [[], [], []], { kind: 'outstanding' })).toBe('agreed');
    expect(verdict('revealing', [x, [], []], { kind: 'absent' })).toBe('agreed');
  });

  test('is reproduced as soon as enough have read it', () => {
    expect(verdict('revealing', [x, x, x], { kind: 'outstanding' })).toBe('reproduced');
  });
});

test('the agreed digest is the one that enough operators built, or none', () => {
  const { clusters } = decideOne(soloBallot(['x', 'x', 'x', 'y', 'y']));
  expect(agreedDigest(clusters, 3)).toBe(DIGESTS.x);
  expect(agreedDigest(clusters, 4)).toBeNull();
  expect(agreedDigest([], 2)).toBeNull();
});
