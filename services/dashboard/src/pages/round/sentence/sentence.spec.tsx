import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Report } from '#libs/contracts';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { Sentence } from './sentence.js';

const pageOf = (report: Report): string =>
  renderToStaticMarkup(<Sentence report={report} now={new Date('2026-01-02T09:00:00Z')} />);

test('the sentence is the heading, and is toned by what the proposal elects', () => {
  const page = pageOf(seedSplit());
  expect(page).toMatch(/<h1>Proposal 138000: GuestOS, which this proposal elects: reproduced by 5/);
  expect(page).toContain('sentence-good');
  expect(page).toContain('not elected here');
});

test('it says until when people vote, where the round stands, and how many are needed', () => {
  const page = pageOf(seedSplit());
  expect(page).toContain('voting ends in <strong>3 d 18 h</strong>');
  expect(page).toContain('final, decided');
  expect(page).toContain('3 of 5 operators have to agree');
});

test('an experiment needs nobody to agree', () => {
  const report = seedSplit();
  const { round } = report;
  if (round === null) throw new Error('no round');
  const builder = report.builders[0]?.builder ?? '';
  const calibration = { round: round.round, builder };
  expect(pageOf({ ...report, round: { ...round, calibration } })).toContain('it gives no verdict');
});
