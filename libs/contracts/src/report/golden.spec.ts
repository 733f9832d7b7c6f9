import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explained, unexplained } from './explanation.fixture.js';
import { reportMarkdown } from './markdown.js';
import { Report } from './report.js';
import { deployment, nothingToBuild, seedSplit, troubled, workShown } from './report.fixture.js';
import { reportTerminal } from './terminal.js';

const REPORTS = [
  ['seed-split', seedSplit],
  ['work-shown', workShown],
  ['troubled', troubled],
  ['explained', explained],
  ['unexplained', unexplained],
  ['deployment', deployment],
  ['nothing-to-build', nothingToBuild],
] as const;

const golden = (file: string): string =>
  readFileSync(new URL(`../../golden/${file}`, import.meta.url), 'utf8');

describe.each(REPORTS)('the report of %s', (name, make) => {
  test('is the golden JSON, and reads back as it is', () => {
    expect(`${JSON.stringify(make(), null, 2)}\n`).toBe(golden(`report-${name}.json`));
    expect(Report.parse(JSON.parse(golden(`report-${name}.json`)))).toEqual(make());
  });

  test('is the golden Markdown, from JSON too', () => {
    expect(reportMarkdown(make())).toBe(golden(`report-${name}.md`));
    const sent = Report.parse(JSON.parse(golden(`report-${name}.json`)));
    expect(reportMarkdown(sent)).toBe(golden(`report-${name}.md`));
  });

  test('is the golden terminal text', () => {
    expect(reportTerminal(make(), { color: false })).toBe(golden(`report-${name}.txt`));
  });

  test('tells the same in colour', () => {
    const colored = reportTerminal(make(), { color: true });
    expect(colored.split('\u001b[')).not.toHaveLength(1);
    expect(colored.split(/\u001b\[\d+m/).join('')).toBe(reportTerminal(make(), { color: false }));
  });
});
