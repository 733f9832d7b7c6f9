import { expect, test } from 'vitest';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { matrixCsv } from './matrix-csv.js';

test('has one line for each builder and artifact, with the whole digest', () => {
  const report = seedSplit();
  const lines = matrixCsv(report).split('\r\n');
  expect(lines[0]).toBe('operator,builder,state,artifact,cluster,sha256,expected,told');
  expect(lines).toHaveLength(2 + report.builders.length * report.artifacts.length);
  expect(lines[1]).toMatch(/^alice,alice-[a-z-]+,built,guestos\/update-img,A,[0-9a-f]{64},/);
});

test.each([
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'=1"`],
  ['\r\n=1', `"'=1"`],
  ['\u200b=1', `"'=1"`],
  ['a,b', `"a,b"`],
  ['a"b', `"a""b"`],
  ['a\nb', `"a b"`],
])('an operator called %j is no formula and ends no field', (operator, field) => {
  const report = seedSplit();
  const [first] = report.builders;
  if (first === undefined) throw new Error('no builder');
  const [, line] = matrixCsv({ ...report, builders: [{ ...first, operator }] }).split('\r\n');
  expect(line?.startsWith(`${field},`)).toBe(true);
});
