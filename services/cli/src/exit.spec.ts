import { expect, test } from 'vitest';
import { outcomeOf, type Verdict } from '#libs/consensus';
import { exitCodeOf } from './exit.js';
import { reportExit } from './report/print.js';

test.each<[verdicts: Verdict[], exitCode: number]>([
  [['reproduced', 'reproduced'], 0],
  [['reproduced', 'agreed'], 3],
  [['reproduced', 'insufficient'], 3],
  [['reproduced', 'pending'], 3],
  [['reproduced', 'source-unavailable'], 3],
  [['reproduced', 'split'], 1],
  [['contradicted', 'agreed'], 1],
  [['insufficient', 'split', 'reproduced'], 1],
])('%j is exit code %i: the first that applies of 1, 3, 0', (verdicts, exitCode) => {
  expect(exitCodeOf(outcomeOf(verdicts.map((verdict) => ({ verdict }))))).toBe(exitCode);
});

test('a report speaks of what is elected, a tally of everything', () => {
  const artifacts = [
    { verdict: 'reproduced', elected: true },
    { verdict: 'split', elected: false },
  ] as Parameters<typeof reportExit>[0]['artifacts'];
  expect(reportExit({ kind: 'round', artifacts })).toBe(0);
  expect(exitCodeOf(outcomeOf(artifacts))).toBe(1);
});
