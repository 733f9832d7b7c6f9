import { expect, test } from 'vitest';
import type { BuilderReport, RoundReport } from '#libs/contracts';
import { progressLines } from './progress-lines.js';

const round = { round: 'abcdef0123456789'.repeat(4), phase: 'open' } as RoundReport;

function builder(change: Partial<BuilderReport>): BuilderReport {
  return {
    operator: 'ann',
    state: 'waiting',
    stage: null,
    percent: null,
    ...change,
  } as BuilderReport;
}

test('a line for the round and one for each builder, in columns', () => {
  const builders = [
    builder({ operator: 'alexandra', state: 'building', stage: 'build', percent: 41.6 }),
    builder({ state: 'building', stage: 'source' }),
    builder({ state: 'committed', stage: 'submit', percent: 100 }),
  ];
  expect(progressLines({ round, builders })).toEqual([
    'round abcdef012345 open',
    '  alexandra building build 42 %',
    '  ann       building source',
    '  ann       committed',
  ]);
});

test('hostile names cannot move the cursor or widen the table', () => {
  const operator = `\u001b[2J${'x'.repeat(100)}`;
  const [, line = ''] = progressLines({ round, builders: [builder({ operator })] });
  expect(line).toMatch(/^ {3}\[2Jx+… waiting$/);
  expect(line.length).toBeLessThan(60);
});

test('a report without a round has a line all the same', () => {
  expect(progressLines({ round: null, builders: [] })).toEqual(['round']);
});
