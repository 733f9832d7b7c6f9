import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, test } from 'vitest';
import { createNativeSigner } from '#libs/attestation';
import { NewsSecret } from '#libs/contracts';
import { makeSigner } from '#libs/testing';
import { secretCheck, secretOf, signatureHeaders } from './news-secret.js';

const secret = secretOf(makeSigner(1), 'sub_1');

describe('the secret of a subscription', () => {
  test('is the same whenever it is made, of whatever signs', () => {
    expect(NewsSecret.parse(secret)).toBe(secret);
    expect(secretOf(createNativeSigner(new Uint8Array(32).fill(1)), 'sub_1')).toBe(secret);
  });

  test('is another one for another subscription, and for another key', () => {
    const others = [secretOf(makeSigner(1), 'sub_2'), secretOf(makeSigner(2), 'sub_1')];
    expect(new Set([secret, ...others]).size).toBe(3);
    expect(secretCheck(others[1]!)).not.toBe(secretCheck(secret));
  });
});

describe.each([
  ['standardwebhooks', new StandardWebhook(secret)],
  ['svix', new SvixWebhook(secret)],
])('a message, as %s verifies it', (_, verifier) => {
  const body = JSON.stringify({ type: 'round.opened', data: { title: 'ä\u202e"' } });
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = signatureHeaders(secret, { id: 'msg_1', timestamp, body });

  test('is accepted', () => {
    expect(() => verifier.verify(body, headers)).not.toThrow();
  });

  test.each([
    ['another body', `${body} `, headers],
    ['another id', body, { ...headers, 'webhook-id': 'msg_2' }],
    ['another time', body, { ...headers, 'webhook-timestamp': `${timestamp + 1}` }],
    [
      'another secret',
      body,
      signatureHeaders(secretOf(makeSigner(1), 'sub_2'), { id: 'msg_1', timestamp, body }),
    ],
    [
      'an hour ago',
      body,
      signatureHeaders(secret, { id: 'msg_1', timestamp: timestamp - 3600, body }),
    ],
  ])('is refused with %s', (_case, text, given) => {
    expect(() => verifier.verify(text, given)).toThrow();
  });
});
