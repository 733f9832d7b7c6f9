import { expect, test } from 'vitest';
import { envelopeDigest, type Envelope } from '#libs/attestation';
import { seedSplit } from '../../../../../../libs/contracts/src/report/report.fixture.js';
import { timelineEntries } from './timeline-entries.js';

const envelope: Envelope = {
  payload: 'e30=',
  payloadType: 'application/vnd.in-toto+json',
  signatures: [{ keyid: 'aa'.repeat(32), sig: 'AA==' }],
};

test('what the report tells of comes in the order of the log', () => {
  const entries = timelineEntries(seedSplit(), null);
  expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(entries[1]?.what).toBe('alice committed to a sealed result');
  expect(entries[6]?.what).toBe('round closed: everybody had committed');
  expect(entries[12]).toMatchObject({ what: 'verdict', at: '2026-01-02T07:08:09.000Z' });
});

test('with its envelopes each has its page, and says whether a checkpoint holds it', () => {
  const report = seedSplit();
  const builder = report.builders[0]?.builder ?? null;
  const attestations = [
    { envelope, index: 7, kind: 'result' as const, builder, proof: null },
    { envelope, index: 0, kind: 'round-open' as const, builder: null, proof: 'proof' },
  ];
  const entries = timelineEntries(report, { attestations });
  expect(entries).toMatchObject([
    { index: 0, what: 'round opened', isIncluded: true, sha256: envelopeDigest(envelope) },
    { index: 7, what: 'alice showed its result', isIncluded: false },
  ]);
});
