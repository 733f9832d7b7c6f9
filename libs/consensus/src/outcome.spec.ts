import { describe, expect, test } from 'vitest';
import { outcomeOf, roundOutcome } from './outcome.js';
import { VERDICTS, type Verdict } from './verdict.js';

const list = (...verdicts: readonly Verdict[]) => verdicts.map((verdict) => ({ verdict }));

describe('the outcome', () => {
  test.each([
    ['reproduced', 'satisfied'],
    ['contradicted', 'not-reproduced'],
    ['split', 'not-reproduced'],
    ['agreed', 'undecided'],
    ['insufficient', 'undecided'],
    ['pending', 'undecided'],
    ['source-unavailable', 'undecided'],
  ] as const)('of %s alone is %s', (verdict, outcome) => {
    expect(outcomeOf(list(verdict))).toBe(outcome);
  });

  test('of several is the worst: a mismatch before anything undecided', () => {
    expect(outcomeOf(list('reproduced', 'pending', 'split'))).toBe('not-reproduced');
    expect(outcomeOf(list('reproduced', 'insufficient'))).toBe('undecided');
  });

  test('of nothing asked is satisfied', () => {
    expect(outcomeOf([])).toBe('satisfied');
  });

  test('is satisfied by no verdict but reproduced', () => {
    const satisfying = VERDICTS.filter((verdict) => outcomeOf(list(verdict)) === 'satisfied');
    expect(satisfying).toEqual(['reproduced']);
  });
});

describe('the outcome of a round', () => {
  test('is that of what the proposal elects, whatever else differs', () => {
    const verdicts = [
      { verdict: 'reproduced', elected: true },
      { verdict: 'split', elected: false },
    ] as const;
    expect(roundOutcome(verdicts)).toBe('satisfied');
  });

  test('is that of everything where nothing is elected', () => {
    const verdicts = [
      { verdict: 'reproduced', elected: false },
      { verdict: 'split', elected: false },
    ] as const;
    expect(roundOutcome(verdicts)).toBe('not-reproduced');
  });
});
