import { describe, expect, test } from 'vitest';
import { DIGESTS, decideOne, question, soloBallot, type Said } from './ballot.fixture.js';
import type { Ballot } from './decide.js';
import type { Flag } from './flags.js';
import { parseThreshold } from './threshold.js';
import type { Verdict } from './verdict.js';

/**
 * The verdict table of the design, said once more as naively as it can be: every row by counting
 * words, none of the code under test.
 */
function tableVerdict(words: readonly Said[], needed: number, isPublished: boolean): Verdict {
  const times = (word: Said): number => words.filter((each) => each === word).length;
  const digests = ['expected', 'x', 'y', 'z'] as const;
  const most = Math.max(...digests.map(times));
  const valid = digests.reduce((sum, digest) => sum + times(digest), 0);
  if (isPublished && times('expected') >= needed) return 'reproduced';
  if (isPublished && most >= needed) return 'contradicted';
  if (most >= needed) return 'agreed';
  if (times('source-unavailable') >= needed) return 'source-unavailable';
  return valid >= needed ? 'split' : 'insufficient';
}

function tableFlags(words: readonly Said[], verdict: Verdict, isPublished: boolean): Flag[] {
  const built = new Set(words.filter((word) => word in DIGESTS));
  const flags: Flag[] = [];
  if (built.size > 1 && ['reproduced', 'contradicted', 'agreed'].includes(verdict)) {
    flags.push('dissent');
  }
  if (!isPublished) flags.push('expected-unknown');
  if (isPublished && built.size > 0 && !built.has('expected')) flags.push('published-mismatch');
  if (words.includes('unrevealed')) flags.push('unrevealed');
  return flags;
}

/** All lists of `length` words. */
function* listsOf(words: readonly Said[], length: number): Generator<readonly Said[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const rest of listsOf(words, length - 1)) for (const word of words) yield [...rest, word];
}

const cases = [3, 4, 5].flatMap((eligible) =>
  Array.from({ length: eligible }, (_, at) => at + 1)
    .filter((needed) => needed >= 2 && needed * 2 > eligible)
    .map((needed): [number, number] => [needed, eligible]),
);

describe.each([
  ['a published digest', true],
  ['nothing published', false],
] as const)('with %s', (_what, isPublished) => {
  const questions = [question(isPublished ? {} : { expected: null })];

  test.each(cases)('%i of %i: every outcome is the table’s', (needed, eligible) => {
    const threshold = parseThreshold(String(needed));
    const words: Said[] = ['expected', 'x', 'y', 'failed', 'absent'];
    if (eligible < 5) words.push('source-unavailable', 'unrevealed');
    for (const list of listsOf(words, eligible)) {
      const { verdict, flags } = decideOne(soloBallot(list, { questions, threshold }));
      const said = `${list.join(' ')}: ${verdict} ${flags.join(' ')}`;
      const expected = tableVerdict(list, needed, isPublished);
      const expectedFlags = tableFlags(list, expected, isPublished);
      expect(said).toBe(`${list.join(' ')}: ${expected} ${expectedFlags.join(' ')}`);
    }
  });
});

describe.each([
  ['a published digest', true],
  ['nothing published', false],
] as const)('before the end, with %s', (_what, isPublished) => {
  const questions = [question(isPublished ? {} : { expected: null })];
  const ends: readonly Said[] = ['expected', 'x', 'y', 'failed', 'source-unavailable'];
  const decided = (list: readonly Said[], over: Partial<Ballot>): Verdict =>
    decideOne(soloBallot(list, { questions, ...over })).verdict;

  test.each([
    [2, 3],
    [3, 3],
    [3, 4],
  ])('%i of %i: a verdict is announced exactly when no end can change it', (needed, eligible) => {
    const threshold = parseThreshold(String(needed));
    const final = new Map<string, Verdict>();
    for (const list of listsOf(ends, eligible)) {
      final.set(list.join(' '), decided(list, { threshold, phase: 'final' }));
    }
    for (const list of listsOf([...ends, 'outstanding'], eligible)) {
      const possible = new Set<Verdict>();
      for (const fill of listsOf(ends, list.filter((word) => word === 'outstanding').length)) {
        const rest = [...fill];
        const full = list.map((word) => (word === 'outstanding' ? rest.pop()! : word));
        possible.add(final.get(full.join(' '))!);
      }
      const early = decided(list, { threshold, phase: 'revealing' });
      const [only] = possible;
      const right = possible.size === 1 ? only : 'pending';
      expect(`${list.join(' ')}: ${early}`).toBe(`${list.join(' ')}: ${right}`);
    }
  });
});
