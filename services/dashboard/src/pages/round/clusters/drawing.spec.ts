import { expect, test } from 'vitest';
import type { ArtifactReport } from '#libs/contracts';
import {
  GUEST,
  HOST,
  seedSplit,
} from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { drawClusters, MAX_DRAWN, sizesText } from './drawing.js';

function artifact(name: string): ArtifactReport {
  const found = seedSplit().artifacts.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

test('a split is told by its sizes, an agreement by its share', () => {
  expect(sizesText(artifact(HOST), 5)).toBe('2 vs 1 vs 1 vs 1');
  expect(sizesText(artifact(GUEST), 5)).toBe('5 of 5');
});

test('a bar reaches the line when as many agree as are needed', () => {
  const { clusters, threshold } = drawClusters(artifact(GUEST), 5);
  expect(clusters[0]?.segments).toHaveLength(5);
  expect(clusters[0]?.right).toBeGreaterThan(threshold.left);
  const split = drawClusters(artifact(HOST), 5);
  expect(split.clusters.every(({ right }) => right < split.threshold.left)).toBe(true);
});

test('the words tell letters, counts, what is expected and what is needed', () => {
  expect(drawClusters(artifact(GUEST), 5).text).toMatch(
    /^GuestOS: A [0-9a-f]{12} by 5 operators, as expected\. 3 of 5 have to agree\.$/,
  );
  expect(drawClusters(artifact(HOST), 5).text).toMatch(
    /A [0-9a-f]{12} by 2 operators; B [0-9a-f]{12} by 1 operator;/,
  );
});

test('a hundred operators in as many clusters stay within the drawing', () => {
  const one = artifact(HOST);
  const [cluster] = one.clusters;
  if (cluster === undefined) throw new Error('no cluster');
  const many = Array.from({ length: 100 }, () => cluster);
  const drawing = drawClusters({ ...one, needed: 67, clusters: many }, 100);
  expect(drawing.clusters).toHaveLength(MAX_DRAWN);
  expect(drawing.clusters[0]?.segments).toHaveLength(1);
  expect(drawing.threshold.left).toBeLessThan(drawing.width);
  expect(drawing.text).toContain('92 more clusters');
});
