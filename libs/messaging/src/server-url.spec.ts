import { describe, expect, test } from 'vitest';
import { serverGroups } from './server-url.js';

describe('servers', () => {
  test('are sorted by how they are reached, the first way first', () => {
    const urls = ['wss://a/nats', 'nats://b:4222', 'ws://c:9222'];
    expect(serverGroups(urls)).toEqual([
      { transport: 'websocket', urls: ['wss://a/nats', 'ws://c:9222'], isSecure: true },
      { transport: 'tcp', urls: ['nats://b:4222'], isSecure: false },
    ]);
  });

  test('are all spoken to over TLS where one of them is', () => {
    const [group] = serverGroups(['nats://a:4222', 'tls://b:4222']);
    expect(group?.isSecure).toBe(true);
  });

  test.each([[[]], [['http://a']], [['a:4222']], [['nats://a', 'file:///etc/passwd']]])(
    '%j are none',
    (urls) => {
      expect(() => serverGroups(urls)).toThrow(expect.objectContaining({ code: 'BAD_URL' }));
    },
  );
});
