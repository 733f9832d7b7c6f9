import { createAccount, createUser, fromPublic, fromSeed } from '@nats-io/nkeys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { natsKeyBytes, natsKeyText, natsSeedBytes } from './nats-key.js';
import { createSigner } from './signer.js';

const refused = expect.objectContaining({ code: 'BAD_KEY' }) as unknown;

describe('a NATS user’s public key', () => {
  test('is the text that nkeys writes and reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const signer = createSigner(seed);
        const text = natsKeyText(signer.publicKey);
        const message = Buffer.from('x');
        expect(fromPublic(text).verify(message, signer.sign(message))).toBe(true);
        expect(natsKeyBytes(text)).toEqual(signer.publicKey);
      }),
      { numRuns: 10 },
    );
    const user = createUser();
    expect(natsKeyText(natsKeyBytes(user.getPublicKey()))).toBe(user.getPublicKey());
    expect(fromSeed(user.getSeed()).getPublicKey()).toBe(user.getPublicKey());
  });

  test('with one letter changed is refused', () => {
    const text = natsKeyText(new Uint8Array(32).fill(7));
    for (let at = 1; at < text.length; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(() => natsKeyBytes(changed)).toThrow(refused);
    }
  });

  test('is no account, no seed and no cut text, and the seed is not repeated', () => {
    const text = natsKeyText(new Uint8Array(32).fill(7));
    const seed = Buffer.from(createUser().getSeed()).toString();
    for (const wrong of [createAccount().getPublicKey(), seed, '', text.slice(1), `${text}A`]) {
      expect(() => natsKeyBytes(wrong)).toThrow(refused);
    }
    expect(() => natsKeyBytes(seed)).not.toThrow(seed.slice(0, 8));
  });
});

describe('a NATS user’s seed', () => {
  test('is the secret of the key that nkeys makes of it', () => {
    const user = createUser();
    const text = Buffer.from(user.getSeed()).toString();
    const { publicKey } = createSigner(natsSeedBytes(text));
    expect(natsKeyText(publicKey)).toBe(user.getPublicKey());
  });

  test('with one letter changed, of an account or cut is refused, and not repeated', () => {
    const text = Buffer.from(createUser().getSeed()).toString();
    const account = Buffer.from(createAccount().getSeed()).toString();
    const changed = Array.from(text, (letter, at) => {
      return text.slice(0, at) + (letter === 'A' ? 'B' : 'A') + text.slice(at + 1);
    });
    for (const wrong of [...changed, account, text.slice(1), `${text}A`, '']) {
      expect(() => natsSeedBytes(wrong)).toThrow(refused);
      expect(() => natsSeedBytes(wrong)).not.toThrow(text.slice(2, 12));
    }
  });
});
