import { expect, test } from 'vitest';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { timelineEntries } from './timeline-entries.js';

test('what the report tells of comes in the order of the log', () => {
  const entries = timelineEntries(seedSplit(), null);
  expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(entries[1]?.what).toBe('alice committed to a sealed result');
  expect(entries[6]?.what).toBe('round closed: everybody had committed');
  expect(entries[12]).toMatchObject({ what: 'verdict', at: '2026-01-02T07:08:09.000Z' });
});

test('what is listed of the log has its page and its time, and the report fills the rest', () => {
  const report = seedSplit();
  const listed = {
    attestation: 'ab'.repeat(32),
    index: 1,
    kind: 'commit' as const,
    round: report.round?.round ?? null,
    release: null,
    builder: report.builders[0]?.builder ?? null,
    operator: 'alice',
    loggedAt: '2026-01-02T05:00:00.000Z',
  };
  const entries = timelineEntries(report, { attestations: [listed], next: null });
  expect(entries).toHaveLength(13);
  expect(entries[1]).toEqual({
    index: 1,
    what: 'alice committed to a sealed result',
    at: '2026-01-02T05:00:00.000Z',
    sha256: 'ab'.repeat(32),
  });
});
