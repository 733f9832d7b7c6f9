import { describe, expect, test } from 'vitest';
import { reportIssue } from '../issue/issue.js';
import { explained, unexplained } from './explanation.fixture.js';
import { expectHarmless, HOSTILE, marksOf, poisoned } from './hostile.fixture.js';
import { reportMarkdown } from './markdown.js';
import { deployment, nothingToBuild, seedSplit, troubled } from './report.fixture.js';
import { reportTerminal } from './terminal.js';

const REPORTS = [troubled, seedSplit, explained, unexplained, deployment, nothingToBuild];

test('the reports under test have texts that anybody may have written', () => {
  const paths = [...poisoned(troubled(), 'x')].map(([path]) => path);
  for (const path of [
    'headline',
    'proposal.title',
    'artifacts.0.name',
    'builders.2.failure.class',
  ]) {
    expect(paths).toContain(path);
  }
  expect(paths.length).toBeGreaterThan(25);
});

describe.each(HOSTILE)('%s in any field of a report', (_what, text) => {
  test('is no Markdown: it adds no mark, no line and no character to obey', () => {
    for (const report of REPORTS.map((make) => make())) {
      const expected = marksOf(reportMarkdown(report));
      for (const [path, hostile] of poisoned(report, text)) {
        const markdown = reportMarkdown(hostile);
        expect([path, marksOf(markdown)]).toEqual([path, expected]);
        expectHarmless(path, markdown);
      }
    }
  });

  test('is no Markdown in a ticket: it adds nothing that another word there would not', () => {
    for (const report of REPORTS.map((make) => make())) {
      const withWord = new Map(poisoned(report, 'word'));
      for (const [path, hostile] of poisoned(report, text)) {
        const ticket = reportIssue(hostile);
        const expected = marksOf(reportIssue(withWord.get(path) ?? report));
        expect([path, marksOf(ticket)]).toEqual([path, expected]);
        expectHarmless(path, ticket);
      }
    }
  });

  test('does not steer a terminal: it adds no line and no character to obey', () => {
    for (const report of REPORTS.map((make) => make())) {
      const lines = reportTerminal(report, { color: false }).split('\n').length;
      for (const [path, hostile] of poisoned(report, text)) {
        const drawn = reportTerminal(hostile, { color: false });
        expect([path, /(?!\n)\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(drawn)]).toEqual([
          path,
          false,
        ]);
        expect([path, drawn.split('\n').length]).toEqual([path, lines]);
        expect(drawn.length).toBeLessThan(20_000);
      }
    }
  });
});
