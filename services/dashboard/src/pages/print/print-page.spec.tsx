import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { Report } from '#libs/contracts';
import { explained } from '../../../../../libs/contracts/src/report/explanation.fixture.js';
import { HOSTILE, poisoned } from '../../../../../libs/contracts/src/report/hostile.fixture.js';
import { troubled } from '../../../../../libs/contracts/src/report/report.fixture.js';
import { PrintPage } from './print-page.js';

const draw = (report: Report, member: string | null = null): string =>
  renderToString(
    <PrintPage
      report={report}
      explanation={null}
      member={member}
      origin="https://quorum.example"
      now={new Date('2026-01-07T00:00:00.000Z')}
    />,
  );

describe('the print view', () => {
  test('writes out digests, addresses, and what each member did before the vote ended', () => {
    const report = explained();
    const page = draw(report).replaceAll('<!-- -->', '').replaceAll('&#x27;', "'");
    for (const { clusters } of report.artifacts) {
      for (const { digest } of clusters) expect(page).toContain(digest);
    }
    for (const { attestation, builder } of report.builders) {
      expect(page).toContain(builder);
      expect(page).toContain(`https://quorum.example/attestations/${attestation ?? ''}`);
    }
    expect(page).toContain(`https://quorum.example/rounds/${report.round?.round ?? ''}`);
    expect(page).toContain("3 days 20 hours before the vote's deadline");
    expect(page).toContain('repro-quorum verify round.jsonl');
    expect(page).toContain(report.explanations?.[0]?.paragraph);
  });

  test('is a member’s own review where the address says whose', () => {
    const report = explained();
    const page = draw(report, 'alice').replaceAll('<!-- -->', '');
    expect(page).toContain('<h1>My review of proposal');
    expect(page).toContain('What I built');
    expect(page).toContain('aria-current="page">alice</a>');
    expect(page).toContain(`href="/rounds/${report.round?.round ?? ''}/print?member=bob"`);
    const members = page.slice(page.indexOf('id="members"'));
    expect(members).toContain('alice');
    expect(members).not.toContain('<th scope="row">bob');
  });

  test.each([`mallory`, '<script>alert(1)</script>\u202e', 'x'.repeat(1 << 16), ''])(
    'says so where the round did not ask %#',
    (member) => {
      const page = draw(explained(), member);
      expect(page).toContain('This round did not ask');
      expect(page).not.toMatch(/<script|\u202e/);
      expect(page.length).toBeLessThan(50_000);
    },
  );

  test('tells of a member that contradicts itself by its name', () => {
    expect(draw(troubled()).replaceAll('<!-- -->', '')).toContain('bob contradicts itself');
  });

  test.each(HOSTILE)('shows %s as text', (_what, text) => {
    for (const [path, hostile] of poisoned(troubled(), text)) {
      const page = draw(hostile);
      expect([
        path,
        /<(script|img|a href="(?!\/))\b|[\u202a-\u202e\u2066-\u2069\u001b]/.test(page),
      ]).toEqual([path, false]);
      expect(page.length).toBeLessThan(50_000);
    }
  });
});
