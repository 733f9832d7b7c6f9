import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#libs/encoding';
import { createNativeSigner } from './native-signer.js';
import { createSigner, signerFromPem } from './signer.js';

const badKey: unknown = expect.objectContaining({ code: 'BAD_KEY' });

describe('a signer by node:crypto', () => {
  test('is the same as that by tweetnacl: name, key, and each byte that it signs', () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 300 }), (seed, message) => {
        const [native, pure] = [createNativeSigner(seed), createSigner(seed)];
        expect({ ...native, sign: null }).toEqual({ ...pure, sign: null });
        expect(toHex(native.sign(message))).toBe(toHex(pure.sign(message)));
      }),
      { numRuns: 20 },
    );
  });

  // Source: RFC 8032 section 7.1, TEST 3
  test('signs what the specification signs', () => {
    const seed = fromHex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
    expect(toHex(createNativeSigner(seed).sign(fromHex('af82')))).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
        '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    );
  });

  // Source: RFC 8410 section 10.3
  test('is made of a PEM, where that is asked for', () => {
    const pem =
      '-----BEGIN PRIVATE KEY-----\n' +
      'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n' +
      '-----END PRIVATE KEY-----\n';
    const message = Buffer.from('a checkpoint');
    expect(toHex(signerFromPem(pem, createNativeSigner).sign(message))).toBe(
      toHex(signerFromPem(pem).sign(message)),
    );
  });

  test.each([0, 31, 33])('is not made of a seed of %i bytes', (length) => {
    expect(() => createNativeSigner(new Uint8Array(length))).toThrow(badKey);
  });

  test('keeps its seed to itself', () => {
    const signer = createNativeSigner(new Uint8Array(32).fill(0xab));
    expect(JSON.stringify(signer)).not.toContain('171,171');
    expect(Object.keys(signer).toSorted()).toEqual(['id', 'keyId', 'publicKey', 'sign']);
  });
});
