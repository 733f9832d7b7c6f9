import type { Msg } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';
import { answerAsBuilder, answerBuilder } from './answering.js';

/** A question, and what is answered to it. */
function question(reply: string | undefined): { readonly message: Msg; readonly said: unknown[] } {
  const said: unknown[] = [];
  const message = {
    reply,
    respond: (body: unknown) => {
      said.push(body);
      return true;
    },
  } as unknown as Msg;
  return { message, said };
}

describe('a builder answers', () => {
  test('to a place that is for its own answers', () => {
    const { message, said } = question('quorum.v1.answer.b1.0f3c-a_B');
    expect(answerAsBuilder(message, 'b1', { fine: true })).toBe(true);
    expect(said).toEqual(['{"fine":true}']);
  });

  test.each([
    ['none', undefined],
    ['another builder’s', 'quorum.v1.answer.b2.nonce'],
    ['one whose name begins alike', 'quorum.v1.answer.b11.nonce'],
    ['what it submits', 'quorum.v1.from-builder.commit-submitted.b1'],
    ['an inbox', '_INBOX.b1.x'],
    ['the JetStream API', '$JS.API.STREAM.PURGE.ATTEST'],
    ['more than one token', 'quorum.v1.answer.b1.nonce.more'],
    ['no nonce', 'quorum.v1.answer.b1.'],
    ['every nonce', 'quorum.v1.answer.b1.*'],
  ])('not to %s', (_, reply) => {
    const { message, said } = question(reply);
    expect(answerAsBuilder(message, 'b1', {})).toBe(false);
    expect(said).toEqual([]);
  });
});

describe('a coordinator answers', () => {
  test.each(['_INBOX.8A7F.1', '_R_.iuH6Yr.kPB3cz'])('to %s', (reply) => {
    const { message, said } = question(reply);
    expect(answerBuilder(message, null)).toBe(true);
    expect(said).toEqual(['null']);
  });

  test.each([
    ['none', undefined],
    ['a dispatch', 'quorum.v1.to-builder.build-requested.b2'],
    ['the builders’ stream', 'quorum.v1.from-builder.commit-submitted.b2'],
    ['a builder’s answers', 'quorum.v1.answer.b2.nonce'],
    ['the JetStream API', '$JS.API.STREAM.PURGE.ATTEST'],
    ['an acknowledgement', '$JS.ACK.DISPATCH.b2.1.2.3.4.5'],
    ['all inboxes', '_INBOX.>'],
  ])('not to %s', (_, reply) => {
    const { message, said } = question(reply);
    expect(answerBuilder(message, {})).toBe(false);
    expect(said).toEqual([]);
  });
});
