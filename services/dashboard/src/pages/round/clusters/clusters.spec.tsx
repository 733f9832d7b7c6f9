import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { seedSplit, troubled } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { Clusters } from './clusters.js';

test('the drawing has its text beside it, and no style of its own', () => {
  const page = renderToStaticMarkup(<Clusters report={seedSplit()} />);
  expect(page).toContain('role="img"');
  expect(page).toContain('3 of 5 have to agree.</title>');
  expect(page).toContain('3 needed');
  expect(page).not.toContain('style=');
});

test('an operator whose builders differ is named as one that does not count', () => {
  const page = renderToStaticMarkup(<Clusters report={troubled()} />);
  expect(page).toContain('bob: its 2 builders differ');
  expect(page).toContain('nobody built what is expected');
});

test('before any result is open that is said', () => {
  const report = seedSplit();
  const artifacts = report.artifacts.map((one) => ({ ...one, clusters: [] }));
  const page = renderToStaticMarkup(<Clusters report={{ ...report, artifacts }} />);
  expect(page).toContain('No results are open yet.');
});
