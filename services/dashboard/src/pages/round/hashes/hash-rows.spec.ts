import { expect, test } from 'vitest';
import type { Report } from '#libs/contracts';
import {
  GUEST,
  HOST,
  seedSplit,
  SETUP,
  troubled,
} from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { hashRows } from './hash-rows.js';

function rowsOf(report: Report, name: string): string[] {
  const artifact = report.artifacts.find((one) => one.name === name);
  if (artifact === undefined) throw new Error(`no ${name}`);
  return hashRows(report, artifact).map(({ source, note, mark }) => `${source}|${note}|${mark}`);
}

test('what was built is held against what the proposal names', () => {
  expect(rowsOf(seedSplit(), GUEST)).toEqual([
    'Proposal names||reference',
    'Built|cluster A, 5 operators|same',
  ]);
});

test('what the proposal does not name is held against what is published', () => {
  expect(rowsOf(seedSplit(), HOST).slice(0, 3)).toEqual([
    'Proposal names|no digest of this artifact|none',
    'Published|as the builders read it|reference',
    'Built|cluster A, 2 operators|other',
  ]);
});

test('a CDN that served somebody other bytes is marked, with who read it and what went wrong', () => {
  expect(rowsOf(troubled(), GUEST)).toEqual([
    'Proposal names||reference',
    'CDN serves|download.example, read by 1 builder|same',
    'CDN serves|download.example, read by 1 builder|other',
    'CDN serves|download.example, read by 1 builder: NOT_FOUND: answered 404|none',
    'CDN lists|download.example, read by 1 builder|same',
    'Built|cluster A, 1 operator|other',
  ]);
});

test('where no digest is known there is nothing to compare', () => {
  expect(rowsOf(troubled(), SETUP)).toEqual([]);
});
