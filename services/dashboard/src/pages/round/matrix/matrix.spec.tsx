import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { seedSplit, troubled } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { Matrix } from './matrix.js';

test('every digest is on the page whole, to be copied without scripts', () => {
  const report = seedSplit();
  const page = renderToStaticMarkup(<Matrix report={report} />);
  for (const { digest } of report.artifacts.flatMap(({ clusters }) => clusters)) {
    expect(page).toContain(digest);
  }
});

test('a failure is told with its stage, its class and its message', () => {
  const page = renderToStaticMarkup(<Matrix report={troubled()} />);
  expect(page).toContain('failed: out-of-space in build');
  expect(page).toContain('No space left on device');
});

test('a building builder has its stage and percent, as text and as a bar', () => {
  const report = seedSplit();
  const builders = report.builders.map((one) => ({
    ...one,
    state: 'building' as const,
    stage: 'build',
    percent: 41.6,
  }));
  const page = renderToStaticMarkup(<Matrix report={{ ...report, builders }} />);
  expect(page).toContain('building, stage build, 42 %');
  expect(page).toContain('<progress max="100" value="41.6"');
});

test('names from outside stay text, and obey nothing', () => {
  const report = seedSplit();
  const operator = '<script>alert(1)</script>\u202eevil\u001b[31m';
  const builders = report.builders.map((one) => ({ ...one, operator }));
  const page = renderToStaticMarkup(<Matrix report={{ ...report, builders }} />);
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/[\u202e\u001b]/);
  expect(page).toContain('&lt;script&gt;');
});
