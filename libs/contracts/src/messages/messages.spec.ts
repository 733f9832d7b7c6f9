import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { sha256 } from '#libs/encoding';
import {
  BuildRequested,
  CommitSubmitted,
  Progress,
  ResultSubmitted,
  RoundClosed,
} from './messages.js';
import { ReceiptsIssued } from './receipts.js';

const envelope = {
  payload: 'e30=',
  payloadType: 'application/vnd.in-toto+json',
  signatures: [{ keyid: 'a'.repeat(64), sig: 'c2ln' }],
};
const round = sha256('round');
const progress: Progress = {
  round,
  builder: 'aaaaa-bbbbb-cai',
  stage: 'build',
  percent: 42.5,
  sizeBytes: 1_000_000,
};

const MESSAGES: readonly (readonly [string, z.ZodType, object])[] = [
  ['build-requested', BuildRequested, { roundOpen: envelope }],
  ['commit-submitted', CommitSubmitted, { envelope }],
  ['round-closed', RoundClosed, { round, roundClose: envelope }],
  ['result-submitted', ResultSubmitted, { envelope }],
  [
    'receipts-issued',
    ReceiptsIssued,
    {
      receipts: [
        { envelopeSha256: sha256('envelope'), proof: 'c2sp.org/tlog-proof@v1\nindex 0\n\n' },
        { envelopeSha256: sha256('another'), proof: 'c2sp.org/tlog-proof@v1\nindex 1\n\n' },
      ],
    },
  ],
  ['progress', Progress, progress],
];

describe.each(MESSAGES)('%s', (name, schema, message) => {
  const file = new URL(`../../golden/message-${name}.json`, import.meta.url);

  test('is the golden message, byte for byte', () => {
    expect(`${JSON.stringify(message)}\n`).toBe(readFileSync(file, 'utf8'));
    expect(schema.parse(JSON.parse(readFileSync(file, 'utf8')))).toEqual(message);
  });

  test('with an unknown field is refused', () => {
    expect(schema.safeParse({ ...message, extra: 1 }).success).toBe(false);
  });

  test('without any one of its fields is refused', () => {
    for (const field of Object.keys(message)) {
      const rest = Object.fromEntries(Object.entries(message).filter(([key]) => key !== field));
      expect(schema.safeParse(rest).success).toBe(false);
    }
  });

  test.each([null, [], 'text', 7])('is not %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

describe('progress', () => {
  test.each([
    ['a digest', { sha256: sha256('guest') }],
    ['a log line', { log: 'SHA256 of update-img' }],
    ['a failure class', { class: 'out-of-space' }],
    ['a stage that tells how it ended', { stage: 'failed' }],
    ['more than all', { percent: 101 }],
    ['less than nothing', { percent: -1 }],
    ['part of a byte', { sizeBytes: 1.5 }],
  ])('tells nothing that a round must not know before its close: %s', (_what, over) => {
    expect(Progress.safeParse({ ...progress, ...over }).success).toBe(false);
  });

  test('may leave out what cannot be told', () => {
    expect(Progress.safeParse({ ...progress, percent: null, sizeBytes: null }).success).toBe(true);
  });
});

test('an envelope in a message has one signature, and no half characters', () => {
  const two = { ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] };
  expect(CommitSubmitted.safeParse({ envelope: two }).success).toBe(false);
  const half = { ...envelope, signatures: [{ keyid: '\ud800', sig: 'c2ln' }] };
  expect(CommitSubmitted.safeParse({ envelope: half }).success).toBe(false);
});
