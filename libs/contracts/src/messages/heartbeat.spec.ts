import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { sha256 } from '#libs/encoding';
import { CancelAnswer, CancelAsked, Heartbeat, HeartbeatAnswer } from './heartbeat.js';

const order = {
  payload: 'e30=',
  payloadType: 'application/vnd.in-toto+json',
  signatures: [{ keyid: 'a'.repeat(64), sig: 'c2ln' }],
};
const heartbeat: Heartbeat = {
  builder: 'aaaaa-bbbbb-cai',
  agentVersion: '0.1.0',
  mood: 'ready',
  slots: 2,
  running: [sha256('round')],
  queued: 3,
  requeued: 1,
  freeBytes: 250_000_000_000,
  at: '2026-11-22T00:00:00Z',
};

const MESSAGES: readonly (readonly [string, z.ZodType, object])[] = [
  ['heartbeat', Heartbeat, heartbeat],
  ['heartbeat-answer', HeartbeatAnswer, { order: 'drain' }],
  ['cancel-asked', CancelAsked, { order }],
  ['cancel-answer', CancelAnswer, { outcome: 'stopped', tookMs: 120 }],
];

describe.each(MESSAGES)('%s', (name, schema, message) => {
  const file = new URL(`../../golden/message-${name}.json`, import.meta.url);

  test('is the golden message, byte for byte', () => {
    expect(`${JSON.stringify(message)}\n`).toBe(readFileSync(file, 'utf8'));
    expect(schema.parse(message)).toEqual(message);
  });

  test('with an unknown field, or without any one of its own, is refused', () => {
    expect(schema.safeParse({ ...message, extra: 1 }).success).toBe(false);
    for (const field of Object.keys(message)) {
      const rest = Object.fromEntries(Object.entries(message).filter(([key]) => key !== field));
      expect(schema.safeParse(rest).success).toBe(false);
    }
  });
});

test.each([
  ['no slot', { slots: 0 }],
  ['more slots than there are', { slots: 65 }],
  ['a round that is none', { running: ['x'] }],
  ['fewer than none waiting', { queued: -1 }],
  ['a version with control characters', { agentVersion: '1\u001b[2J' }],
  ['an unknown mood', { mood: 'sad' }],
  ['a time that is none', { at: 'now' }],
])('a heartbeat with %s is refused', (_what, over) => {
  expect(Heartbeat.safeParse({ ...heartbeat, ...over }).success).toBe(false);
});
