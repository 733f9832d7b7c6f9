import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { fromHex } from '#libs/encoding';
import { verifySignature } from './signature.js';
import { createSigner } from './signer.js';

/** Order of the group: a signature's S has to be below it (RFC 8032 section 5.1.7). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

interface Case {
  readonly tcId: number;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly msg: string;
      readonly sig: string;
    }[];
  }[];
}

const file = new URL('../vectors/wycheproof-ed25519.json', import.meta.url);
const suite = JSON.parse(readFileSync(file, 'utf8')) as Wycheproof;
const cases: readonly Case[] = suite.testGroups.flatMap(({ publicKey, tests }) =>
  tests.map(({ tcId, msg, sig }) => ({
    ...{ tcId, key: fromHex(publicKey.pk) },
    ...{ message: fromHex(msg), signature: fromHex(sig) },
  })),
);

/** What the library that agents sign with says of a signature. */
function naclVerifies({ key, message, signature }: Omit<Case, 'tcId'>): boolean {
  return signature.length === 64 && nacl.sign.detached.verify(message, signature, key);
}

const sOf = (signature: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(signature.slice(32)).reverse().toString('hex')}`);

/** The same, where its S is in bounds: what tweetnacl alone does not look at. */
const naclVerifiesStrictly = (each: Omit<Case, 'tcId'>): boolean =>
  naclVerifies(each) && sOf(each.signature) < L;

describe('what signs and what verifies are two implementations of one rule', () => {
  test('they judge all 151 cases of Wycheproof alike, once S is held below L', () => {
    expect(cases).toHaveLength(151);
    expect(cases.map((each) => naclVerifiesStrictly(each))).toEqual(
      cases.map(({ key, message, signature }) => verifySignature(key, message, signature)),
    );
  });

  test('tweetnacl alone takes five of them too many, all with S from L: it never verifies here', () => {
    const differ = cases.filter(
      (each) => naclVerifies(each) !== verifySignature(each.key, each.message, each.signature),
    );
    expect(differ.map(({ tcId }) => tcId)).toEqual([63, 64, 65, 66, 85]);
    for (const each of differ) {
      expect(naclVerifies(each)).toBe(true);
      expect(sOf(each.signature)).toBeGreaterThanOrEqual(L);
    }
  });

  test('they judge random messages and signatures with one wrong bit alike', () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const bits = fc.integer({ min: 0, max: 64 * 8 - 1 });
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 200 }), bits, (seed, message, bit) => {
        const signer = createSigner(seed);
        const key = signer.publicKey;
        const signature = signer.sign(message);
        expect(naclVerifies({ key, message, signature })).toBe(true);
        expect(verifySignature(key, message, signature)).toBe(true);
        const wrong = Uint8Array.from(signature);
        wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(naclVerifiesStrictly({ key, message, signature: wrong })).toBe(false);
        expect(verifySignature(key, message, wrong)).toBe(false);
      }),
      { numRuns: 15 },
    );
  });

  test('a signature with L added to its S is taken by tweetnacl, and by nobody here', () => {
    const signer = createSigner(new Uint8Array(32).fill(7));
    const message = Buffer.from('one attestation, two leaves');
    const signature = signer.sign(message);
    const grown = (sOf(signature) + L).toString(16).padStart(64, '0');
    const malleated = new Uint8Array(
      Buffer.concat([signature.slice(0, 32), Buffer.from(grown, 'hex').reverse()]),
    );
    const each = { key: signer.publicKey, message, signature: malleated };
    expect(naclVerifies(each)).toBe(true);
    expect(verifySignature(each.key, message, malleated)).toBe(false);
  });
});
