import { expect, test } from 'vitest';
import type { VerifyOutput } from './verify-output.js';
import { verifyText } from './verify-text.js';

const digest = 'a'.repeat(64);
const output: VerifyOutput = {
  ...{ outcome: 'not-satisfied', at: '2026-01-03T03:00:00Z', round: digest },
  ...{ release: 'ic/abc', proposal: '138000', origin: 'log.example', treeSize: 23 },
  ...{ needed: 3, eligible: 5 },
  rules: [
    { rule: 'evidence', artifact: null, isKept: true, message: 'it fits', evidence: [] },
    { rule: 'votes', artifact: 'hello', isKept: false, message: 'split', evidence: [1, 7] },
  ],
  artifacts: [
    {
      ...{ name: 'hello', elected: true, expected: digest, verdict: 'split', needed: 3 },
      ...{ flags: ['dissent'], failed: [], missing: [], late: [], impliedBy: [] },
      clusters: [{ digest, operators: ['ann', 'ben'], builders: [], matchesExpected: true }],
      unrevealed: [{ operator: 'cem', builder: 'c' }],
      selfContradicting: [{ operator: 'dan', votes: [] }],
      isRequired: true,
    },
  ],
  findings: [
    { code: 'commit-late' as const, message: 'after the \u001b[31mclose', line: 7, index: 12 },
    ...Array.from({ length: 20 }, () => ({
      ...{ code: 'other-round' as const, message: 'x', line: null, index: null },
    })),
  ],
};

test('people see each rule with its evidence, what was counted, and what was found', () => {
  const text = verifyText(output);
  expect(text.split('\n').slice(0, 16)).toEqual([
    'proposal 138000, ic/abc',
    `round ${digest}: 3 of 5 trusted operators have to agree`,
    '',
    '  ✔ evidence                it fits',
    '  ✖ votes                   hello: split  [#1 #7]',
    '',
    '  split              hello  (dissent)',
    '    expected aaaaaaaaaaaa',
    '    A aaaaaaaaaaaa  ann, ben  (expected)',
    '    dan contradicts itself, and counts for none',
    '    cem never showed what it committed to',
    '',
    'findings',
    expect.stringMatching(/^ {2}commit-late \(line 7, #12\): after the .*close$/) as string,
    '  other-round: x',
    '  other-round: x',
  ]);
  expect(text).toContain('  and 1 more: see --json');
  expect(text.endsWith('\nthe policy is not satisfied')).toBe(true);
});

test('nothing that a bundle says can steer the terminal', () => {
  expect(verifyText(output).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('where no round could be read, that is said', () => {
  const empty = { ...output, outcome: 'bad-evidence' as const, release: null, artifacts: [] };
  expect(verifyText(empty)).toMatch(/^no round could be read\n/);
});
