import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isLockedKey, lockKey, unlockKey } from './key-lock.js';

const pem = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const lock = {
  passphrase: 'correct horse battery staple',
  salt: new Uint8Array(32).fill(1),
  nonce: new Uint8Array(12).fill(2),
};
const locked = lockKey(pem, lock);
const parts = JSON.parse(locked) as Record<string, string>;
const badKey = (words: RegExp): unknown =>
  expect.objectContaining({ code: 'BAD_KEY', message: expect.stringMatching(words) as unknown });
const altered = (more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...parts, ...more });

describe('a locked key', () => {
  test('is opened by its passphrase, and holds nothing of the key in the open', () => {
    expect(unlockKey(locked, lock.passphrase)).toBe(pem);
    expect(isLockedKey(locked)).toBe(true);
    expect(isLockedKey(pem)).toBe(false);
    expect(locked).not.toContain('PRIVATE');
    expect(locked).not.toContain(pem.split('\n')[1]);
    expect(locked.endsWith('}\n')).toBe(true);
  });

  test('costs who guesses at least 128 MiB a guess', () => {
    expect(parts).toMatchObject({ kdf: 'scrypt', N: 131_072, r: 8, p: 1, cipher: 'aes-256-gcm' });
  });

  test('is not opened by another passphrase', () => {
    expect(() => unlockKey(locked, `${lock.passphrase} `)).toThrow(badKey(/does not open/));
  });

  test('is opened by the same letters, however the keyboard composed them', () => {
    const spelt = lockKey(pem, { ...lock, passphrase: 'schlu\u0308ssel' });
    expect(unlockKey(spelt, 'schl\u00fcssel')).toBe(pem);
  });

  test.each([
    ['ciphertext', { ciphertext: `A${parts['ciphertext']!.slice(1)}` }],
    ['tag', { tag: Buffer.alloc(16).toString('base64') }],
    ['nonce', { nonce: Buffer.alloc(12).toString('base64') }],
    ['salt', { salt: Buffer.alloc(32).toString('base64') }],
    ['cost', { p: 2 }],
  ])('whose %s was altered is not opened', (_, more) => {
    expect(() => unlockKey(altered(more), lock.passphrase)).toThrow(badKey(/does not open/));
  });
});

describe('a hostile key file eats neither memory nor time', () => {
  test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['a cost beyond half a gibibyte', { N: 2 ** 20 }, /more than 512 MiB/],
    ['large blocks', { r: 64 }, /at r/],
    ['large blocks within bounds, too many of them', { N: 2 ** 18, r: 32 }, /more than 512 MiB/],
    ['many lanes', { p: 1_000_000 }, /at p/],
    ['a cost beyond all numbers', { N: 2 ** 60 }, /at N/],
    ['a cost that is within reach of who guesses', { N: 2 ** 14 }, /at N/],
    ['small blocks', { r: 1 }, /at r/],
    ['a cost that is no power of two', { N: 2 ** 17 + 2 }, /power of two/],
    ['another function', { kdf: 'pbkdf2' }, /at kdf/],
    ['another cipher', { cipher: 'aes-256-ecb' }, /at cipher/],
    ['another kind', { kind: 'repro-quorum-key/v2' }, /at kind/],
    ['more than there is', { comment: 'hello' }, /comment/],
    ['a short salt', { salt: 'AAAA' }, /salt has 3 bytes/],
    ['a short tag', { tag: 'AAAA' }, /tag has 3 bytes/],
    ['a short nonce', { nonce: 'AAAA' }, /nonce has 3 bytes/],
    ['no salt', { salt: '' }, /at salt/],
    ['a salt that is none', { salt: 'A' }, /not base64/],
  ])('that asks for %s', (_, more, words) => {
    expect(() => unlockKey(altered(more), lock.passphrase)).toThrow(badKey(words));
  });

  test.each([
    ['is cut off', locked.slice(0, 100), /expected JSON/],
    ['is an array', '[]', /not a locked key/],
    ['has no end', `{"kind":"${'x'.repeat(10_000)}"}`, /at most 8192/],
  ])('that %s', (_, text, words) => {
    expect(() => unlockKey(text, lock.passphrase)).toThrow(badKey(words));
  });
});

test.each([
  ['an empty passphrase', { passphrase: '' }],
  ['a salt of another length', { salt: new Uint8Array(16) }],
  ['a nonce of another length', { nonce: new Uint8Array(16) }],
])('nothing is locked with %s', (_, more) => {
  expect(() => lockKey(pem, { ...lock, ...more })).toThrow(badKey(/./));
});
