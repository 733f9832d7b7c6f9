import { describe, expect, test } from 'vitest';
import type { BuilderReport, Report } from '#libs/contracts';
import {
  GUEST,
  HOST,
  seedSplit,
  troubled,
} from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { cellOf } from './cell.js';

const cellsOf = (report: Report, name: string) => {
  const artifact = report.artifacts.find((one) => one.name === name);
  if (artifact === undefined) throw new Error(`no ${name}`);
  return report.builders.map((builder) => cellOf(builder, artifact));
};

describe('a cell of the matrix', () => {
  test('tells the cluster by its letter, and that it is what was expected', () => {
    const cells = cellsOf(seedSplit(), GUEST);
    expect(cells.map(({ letter, tone, words }) => [letter, tone, words])).toEqual(
      cells.map(() => ['A', 'good', 'as expected']),
    );
  });

  test('tells equal bytes by equal letters where nobody built what was expected', () => {
    const cells = cellsOf(seedSplit(), HOST);
    expect(cells.map(({ letter }) => letter).slice(0, 2)).toEqual(['A', 'A']);
    expect(new Set(cells.map(({ letter }) => letter)).size).toBe(4);
    expect(cells.every(({ tone, words }) => tone === 'bad' && words === 'unexpected')).toBe(true);
  });

  test('says in words what became of a builder without a vote', () => {
    const words = cellsOf(troubled(), GUEST).map((cell) => cell.words);
    expect(words).toEqual([
      'unexpected',
      'counts not: its operator’s builders differ',
      'failed: out-of-space',
      'unrevealed',
      'late',
    ]);
  });

  test.each<[BuilderReport['state'], string, string]>([
    ['waiting', 'open', 'waiting'],
    ['building', 'open', 'building'],
    ['committed', 'open', 'sealed until the close'],
    ['declined', 'plain', 'declined'],
    ['absent', 'plain', 'absent'],
    ['built', 'plain', 'not built'],
  ])('of a builder that is %s is %s and says so', (state, tone, words) => {
    const [builder] = seedSplit().builders;
    const [artifact] = seedSplit().artifacts;
    if (builder === undefined || artifact === undefined) throw new Error('no fixture');
    const cell = cellOf({ ...builder, state }, { ...artifact, clusters: [] });
    expect(cell).toMatchObject({ tone, words, digest: null });
  });

  test('is good where enough operators agree and nothing is published to compare', () => {
    const report = seedSplit();
    const artifacts = report.artifacts.map((one) => ({
      ...one,
      expected: null,
      clusters: one.clusters.map((cluster) => ({ ...cluster, matchesExpected: false })),
    }));
    const unpublished = { ...report, artifacts };
    expect(cellsOf(unpublished, GUEST)[0]).toMatchObject({ tone: 'good', words: 'with 4 others' });
    expect(cellsOf(unpublished, HOST)[2]).toMatchObject({ tone: 'split', words: 'alone' });
  });
});
