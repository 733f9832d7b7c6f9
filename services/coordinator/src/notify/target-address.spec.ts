import { describe, expect, test } from 'vitest';
import { checkTarget, shownTarget } from './check-target.js';
import { readTarget } from './target-address.js';

const rules = { allowed: ['http://127.0.0.1:9000'] };

describe('a subscriber’s URL', () => {
  test.each([
    'https://example.org/hook',
    'https://1.1.1.1/hook',
    'https://[2606:4700::1111]/hook',
    'http://127.0.0.1:9000/anything?x=1',
  ])('%s may be posted to', (url) => {
    expect('refused' in readTarget(url, rules)).toBe(false);
  });

  test.each([
    'http://example.org/hook',
    'https://127.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://0x7f.1/hook',
    'https://2130706433/hook',
    'http://127.0.0.1:9001/another-port',
    'https://user:password@example.org/',
    'https://example.org/#fragment',
    'file:///etc/passwd',
    'gopher://127.0.0.1:25/',
    'not a url',
  ])('%s is refused', (url) => {
    expect(readTarget(url, rules)).toHaveProperty('refused');
  });

  test.each([
    ['a private address', ['10.0.0.1']],
    ['a private address among public ones', ['1.1.1.1', '192.168.0.1']],
    ['this machine', ['::1']],
  ])('whose name leads to %s is refused when it is connected to', async (_, addresses) => {
    const resolve = () =>
      Promise.resolve(
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    const target = readTarget('https://rebinding.example/hook', { allowed: [], resolve });
    if ('refused' in target || target.lookup === null) throw new Error('not looked up');
    const { lookup } = target;
    const error = await new Promise<Error | null>((answer) => {
      lookup('rebinding.example', { all: true }, answer);
    });
    expect(error?.message).toContain('which is not public');
  });
});

describe('a target', () => {
  const settings = { allowed: [], hasMail: true };
  test.each([
    ['discord', 'https://discord.com/api/webhooks/123/abc-DEF_9'],
    ['openchat', 'https://aaaaa-aa.raw.icp0.io/webhook/1/secret'],
    ['webhook', 'https://example.org/hook'],
    ['email', 'alice@example.org'],
  ] as const)('of %s is taken', (channel, target) => {
    expect(() => {
      checkTarget({ channel, target }, settings);
    }).not.toThrow();
  });

  test.each([
    ['discord', 'https://example.org/api/webhooks/123/abc'],
    ['discord', 'https://discord.com.evil.example/api/webhooks/123/abc'],
    ['email', 'alice@example.org, bob@example.org'],
    ['email', 'alice@example.org\r\nBcc: bob@example.org'],
    ['email', 'no mailbox'],
    ['webhook', 'https://10.0.0.1/'],
  ] as const)('of %s is refused: %s', (channel, target) => {
    expect(() => {
      checkTarget({ channel, target }, settings);
    }).toThrow();
  });

  test('of mail is refused where no mail is sent', () => {
    expect(() => {
      checkTarget({ channel: 'email', target: 'a@b.example' }, { ...settings, hasMail: false });
    }).toThrow('SMTP_URL');
  });

  test('is shown without what makes it a secret', () => {
    expect(shownTarget('discord', 'https://discord.com/api/webhooks/123/token')).toBe(
      'https://discord.com/…',
    );
  });
});
