import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { policyInput } from './verify-here.js';
import { VerifyPanel } from './verify-panel.js';

const report = seedSplit();
const round = report.round;
if (round === null) throw new Error('the fixture has a round');
const draw = (phase: 'open' | 'final'): string =>
  renderToString(
    <VerifyPanel report={{ ...report, round: { ...round, phase } }} origin="https://q.example" />,
  );

describe('the panel', () => {
  test('names the round in commands that verify it, for whom runs no scripts as well', () => {
    const page = draw('final');
    expect(page).toContain(`https://q.example/v1/rounds/${round.round}/bundle`);
    expect(page).toContain('repro-quorum verify round.jsonl --policy policy.yaml');
    // Nothing that needs scripts, and nothing that only a check could say.
    expect(page).not.toContain('<form');
    expect(page).not.toMatch(/Verified|holds/);
  });

  test('says of a round without a verdict that there is nothing to verify yet', () => {
    expect(draw('open')).toContain('nothing to verify yet');
    expect(draw('open')).not.toContain('/bundle');
  });
});

describe('the policy of a reader', () => {
  const typed = {
    key: { vkey: 'log.example+00000000+AAAA', isItsOwn: false },
    ...{ witnesses: '', nnsRootKey: '', file: '' },
  };

  test('is of everybody whom the round asked, where the address names nobody', () => {
    const { operators, threshold, vkey } = policyInput(report, typed, 'https://q.example/x');
    expect(operators.map(({ operator }) => operator)).toEqual([
      ...new Set(report.builders.map(({ operator }) => operator)),
    ]);
    expect([threshold, vkey]).toEqual([round.threshold, typed.key.vkey]);
  });

  test('is of those whom the address names, with the builders that are theirs', () => {
    const url = 'https://q.example/x?trust=bob&trust=alice&threshold=2';
    const { operators, threshold } = policyInput(report, typed, url);
    expect(operators).toEqual(
      ['alice', 'bob'].map((operator) => ({
        operator,
        builders: report.builders
          .filter((entry) => entry.operator === operator)
          .map(({ builder }) => builder),
      })),
    );
    expect(threshold).toBe('2');
  });
});
