import { describe, expect, test } from 'vitest';
import { proposalFlags, questionsOf } from './questions.js';
import { GUEST, HOST, RELEASE, SETUP } from './report/report.fixture.js';

describe('what a release asks', () => {
  test('is every artifact, in its order, elected or not', () => {
    expect(questionsOf(RELEASE).map(({ name, elected }) => [name, elected])).toEqual([
      [GUEST, true],
      [HOST, false],
      [SETUP, false],
    ]);
    expect(questionsOf(RELEASE)[2]).toMatchObject({ expected: null, embeds: [HOST, GUEST] });
    expect(questionsOf(RELEASE)[0]?.expected).toBe(RELEASE.artifacts[0]?.expected);
  });
});

describe('a proposal', () => {
  const urls = ['https://a.example/x', 'https://b.example/x'];

  test('with different URLs raises no flag', () => {
    expect(proposalFlags(RELEASE, urls).size).toBe(0);
    expect(proposalFlags(RELEASE, []).size).toBe(0);
  });

  test('with one URL twice raises duplicate-url on what it elects (as proposal 128086 did)', () => {
    const flags = proposalFlags(RELEASE, [...urls, urls[0]!]);
    expect([...flags]).toEqual([[GUEST, ['duplicate-url']]]);
  });
});
