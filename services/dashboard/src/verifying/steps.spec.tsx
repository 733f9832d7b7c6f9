import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Progress } from './progress.js';
import type { StepState, Verified } from './protocol.js';
import { Steps } from './steps.js';
import type { Verifying } from './use-verifying.js';

const drawn = (element: Parameters<typeof renderToString>[0]): string =>
  renderToString(element).replaceAll('<!-- -->', '');
const step = (state: StepState, message = 'why') => ({
  ...{ title: 'It is signed', state, said: 'by all', more: 3 },
  findings: [{ code: 'signature-wrong' as const, message, where: 'line 2', isDamning: true }],
});

test.each([
  ['holds', '✓', 'holds'],
  ['fails', '✗', 'fails'],
  ['unasked', '·', 'not asked'],
  ['unreached', '·', 'not looked at'],
] as const)('a step that %s says it by a glyph and in words', (state, glyph, words) => {
  const page = drawn(<Steps steps={[step(state)]} />);
  expect(page).toContain(`aria-hidden="true">${glyph}<`);
  expect(page).toContain(`<span>${words}</span>`);
});

test('findings stand by their names, as text, and what is left out is counted', () => {
  const page = drawn(<Steps steps={[step('fails', '<script>\u202e')]} />);
  expect(page).toContain('<code>signature-wrong</code>');
  expect(page).toContain('(line 2): &lt;script&gt;');
  expect(page).not.toContain('\u202e');
  expect(page).toContain('and 3 more');
});

const done = (outcome: Verified['outcome']): Verifying => ({
  kind: 'done',
  verified: { outcome, steps: [], policy: null },
});

test.each<readonly [string, Verifying]>([
  ['Fetching the evidence…', { kind: 'fetching', bytes: 5 }],
  ['5 bytes so far', { kind: 'fetching', bytes: 5 }],
  ['Verifying signatures, proofs and votes…', { kind: 'verifying', entries: 8 }],
  ['Verified: the policy is satisfied.', done('satisfied')],
  ['the policy is not satisfied', done('not-satisfied')],
  ['nothing could be decided', done('undecided')],
  ['The evidence is bad: nothing rests on it.', done('bad-evidence')],
  ['Nothing was verified.', { kind: 'failed', why: 'no net', advice: 'Try again.' }],
  ['no net. Try again.', { kind: 'failed', why: 'no net', advice: 'Try again.' }],
])('people read %s, and screen readers are told', (words, state) => {
  const page = drawn(<Progress state={state} />);
  expect(page).toContain('role="status"');
  expect(page).toContain(words);
});
