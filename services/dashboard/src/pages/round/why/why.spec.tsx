import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { Report } from '#libs/contracts';
import {
  explained,
  unexplained,
} from '../../../../../../libs/contracts/src/report/explanation.fixture.js';
import { workShown } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { Why } from './why.js';

const pageOf = (report: Report): string =>
  renderToStaticMarkup(<Why report={report} explanation={null} origin="https://quorum.example" />);

describe('why it differs', () => {
  const page = pageOf(explained());

  test('says in words what the conclusion is, and the paragraph for a voter', () => {
    expect(page).toContain('explained');
    expect(page).toContain('The builders did not install the same packages');
  });

  test('lists what differs, and opens each by details alone', () => {
    expect(page).toContain('<details class="finding"><summary>');
    expect(page).toContain('root.img › var/lib/dpkg/status');
    expect(page).toContain('81223 bytes');
  });

  test('shows both sides of a text', () => {
    expect(page).toContain('diff-changed');
    expect(page).toContain('Version: 3.0.2-0ubuntu1.18');
    expect(page).toContain('Version: 3.0.2-0ubuntu1.19');
  });

  test('shows bytes of both sides of what is no text', () => {
    expect(page).toContain('aria-label="Bytes of both"');
    expect(page).toContain('00001000  72 6f 6f 74 3d 00 cc');
    expect(page).toContain('00001000  72 6f 6f 74 3d 00 dd');
  });

  test('puts what parts the machines beside each other, by cluster', () => {
    expect(page).toContain('container.image-origin');
    expect(page).toMatch(/<td>pulled<\/td><td>built<\/td>/);
  });

  test('names the next experiment', () => {
    expect(page).toContain('let carol build once more with the image pulled.');
  });

  test('says that nothing is known where nobody’s bytes were seen, and how builds failed', () => {
    const other = pageOf(unexplained());
    expect(other).toContain('Unexplained: no cause holds up');
    expect(other).toContain('tar: No space left on device');
  });

  test('is not there where all agree', () => {
    const report = workShown();
    expect(pageOf({ ...report, artifacts: report.artifacts.slice(0, 1) })).toBe('');
  });

  test('a hostile path, detail and diff are text, and obey nothing', () => {
    const report = explained();
    const evil = '<img src=x onerror=alert(1)>\u202e\u001b[2J';
    const explanations = report.explanations?.map((one) => ({
      ...one,
      paragraph: evil,
      findings: one.findings.map((finding) => ({
        ...finding,
        detail: evil,
        diff: `--- left\n+++ right\n-${evil}\n+${'x'.repeat(100_000)}`,
        difference: { ...finding.difference, location: ['', evil] },
      })),
    }));
    const hostile = pageOf({ ...report, ...(explanations !== undefined && { explanations }) });
    expect(hostile).not.toContain('<img');
    expect(hostile).not.toMatch(/[\u202e\u001b]/);
    expect(hostile.length).toBeLessThan(60_000);
  });
});
