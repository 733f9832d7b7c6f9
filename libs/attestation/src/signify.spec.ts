import { expect, test } from 'vitest';
import { ALICE, BOB } from './sample.fixture.js';
import { signifyPublicKey, signifySignature } from './signify.js';

const blobOf = (text: string): Buffer => Buffer.from(text.split('\n')[1] ?? '', 'base64');

test('signify’s key and signature are an algorithm, one key number, and the raw bytes', () => {
  const signature = ALICE.sign(new Uint8Array(3));
  const key = blobOf(signifyPublicKey(ALICE.publicKey, 'alice'));
  const made = blobOf(signifySignature(ALICE.publicKey, signature, 'alice'));
  expect([key.length, made.length]).toEqual([42, 74]);
  expect(key.subarray(0, 10)).toEqual(made.subarray(0, 10));
  expect(key.subarray(0, 2).toString()).toBe('Ed');
  expect(new Uint8Array(key.subarray(10))).toEqual(ALICE.publicKey);
  expect(new Uint8Array(made.subarray(10))).toEqual(signature);
  expect(blobOf(signifyPublicKey(BOB.publicKey, '')).subarray(2, 10)).not.toEqual(
    key.subarray(2, 10),
  );
});

test('a comment stays one line of printable characters', () => {
  const text = signifyPublicKey(ALICE.publicKey, 'a\nuntrusted comment: b\u202e');
  expect(text.split('\n')).toHaveLength(3);
  expect(text).toContain('untrusted comment: a?untrusted comment: b?\n');
});
