import { describe, expect, test } from 'vitest';
import type { BuilderCredentials } from '#libs/contracts';
import { areFor, areUsable, renewalOf } from './credentials-rule.js';

const NOW = new Date('2026-11-22T00:00:00Z');
const credentials: BuilderCredentials = {
  ...{ builder: 'aaaaa-bbbbb-cai', status: 'active', jwt: 'jwt' },
  ...{ expiresAt: '2026-11-23T00:00:00Z', servers: ['nats://127.0.0.1:4222'] },
};

describe('credentials', () => {
  test.each([
    ['of an active builder', {}, true],
    ['of a paused one, which has work to finish', { status: 'paused' }, true],
    ['of a draining one', { status: 'draining' }, true],
    ['of one that only applied', { status: 'applied', jwt: null }, false],
    ['of a retired one', { status: 'retired' }, false],
    ['of a revoked one', { status: 'revoked' }, false],
    ['that ended', { expiresAt: '2026-11-21T23:59:59Z' }, false],
    ['without an end', { expiresAt: null }, true],
    ['of a NATS that asks nobody', { jwt: null, expiresAt: null }, true],
  ] as const)('%s are usable: %s', (_what, over, isUsable) => {
    expect(areUsable({ ...credentials, ...over }, NOW)).toBe(isUsable);
  });

  test.each([
    ['the key that their JWT names', { sub: 'UA' }, true],
    ['no other key', { sub: 'UB' }, false],
    ['none where it names none', {}, false],
  ])('are for %s', (_what, claims, expected) => {
    const jwt = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
    expect(areFor({ ...credentials, jwt }, 'UA')).toBe(expected);
  });

  test('are for any key where NATS asks nobody, and for none where they are no JWT', () => {
    expect(areFor({ ...credentials, jwt: null }, 'UA')).toBe(true);
    expect(areFor(credentials, 'UA')).toBe(false);
  });

  test('are renewed when two thirds of their time are over', () => {
    expect(renewalOf(credentials, NOW)?.toISOString()).toBe('2026-11-22T16:00:00.000Z');
    expect(renewalOf({ ...credentials, expiresAt: null }, NOW)).toBeNull();
    // A clock that is ahead: at once, and not in the past for ever.
    expect(renewalOf(credentials, new Date('2026-12-01T00:00:00Z'))).toEqual(
      new Date('2026-12-01T00:00:00Z'),
    );
  });
});
