import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { VerifyPanel } from './verify-panel.js';

const report = seedSplit();
const round = report.round;
if (round === null) throw new Error('the fixture has a round');
const draw = (phase: 'open' | 'final'): string =>
  renderToString(
    <VerifyPanel report={{ ...report, round: { ...round, phase } }} origin="https://q.example" />,
  );

test('a decided round is verified by commands that name it, and the page claims no check of its own', () => {
  const page = draw('final');
  expect(page).toContain(`https://q.example/v1/rounds/${round.round}/bundle`);
  expect(page).toContain('repro-quorum verify round.jsonl --policy policy.yaml');
  expect(page).not.toMatch(/verified ✓|is valid/);
});

test('a round without a verdict has no evidence to be verified yet', () => {
  expect(draw('open')).toBe('');
});
