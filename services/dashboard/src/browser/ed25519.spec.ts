import { readFileSync } from 'node:fs';
import * as node from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import nacl from 'tweetnacl';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#libs/encoding';
import { createPublicKey, verify } from './ed25519.js';

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const PREFIX = fromHex('302a300506032b6570032100');

interface Case {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const file = new URL(
  '../../../../libs/attestation/vectors/wycheproof-ed25519.json',
  import.meta.url,
);
const suite = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
};
const cases = suite.testGroups.flatMap(({ publicKey, tests }) =>
  tests.map(({ msg, sig, result }) => ({
    ...{ key: fromHex(publicKey.pk), message: fromHex(msg), signature: fromHex(sig), result },
  })),
);

const spki = (key: Uint8Array) => Buffer.concat([PREFIX, key]);

function here({ key, message, signature }: Case): boolean {
  const imported = createPublicKey({ key: spki(key), format: 'der', type: 'spki' });
  return verify(null, message, imported, signature);
}

function there({ key, message, signature }: Case): boolean {
  const imported = node.createPublicKey({ key: spki(key), format: 'der', type: 'spki' });
  return node.verify(null, message, imported, signature);
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.toReversed())}`);
const bytesOf = (value: bigint): Uint8Array =>
  fromHex(value.toString(16).padStart(64, '0')).reverse();
const filled = (first: string, middle: string, last: string): string =>
  `${first}${middle.repeat(30)}${last}`;

// Source: the torsion subgroup of edwards25519, orders 1, 2, 4, 4, 8, 8, 8, 8
const SMALL_ORDER = [
  ...[filled('01', '00', '00'), filled('ec', 'ff', '7f')],
  ...[filled('00', '00', '00'), filled('00', '00', '80')],
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];
const ODD_POINTS = [
  ...SMALL_ORDER,
  // The same points in second encodings.
  ...[filled('ed', 'ff', '7f'), filled('ed', 'ff', 'ff'), filled('ee', 'ff', '7f')],
  ...[filled('ee', 'ff', 'ff'), filled('01', '00', '80'), filled('ec', 'ff', 'ff')],
];
const pointOf = (hex: string) => ed25519.Point.fromBytes(fromHex(hex), true);

const pair = nacl.sign.keyPair.fromSeed(new Uint8Array(32).fill(7));
const message = Buffer.from('one attestation');
const signature = nacl.sign.detached(message, pair.secretKey);
const good: Case = { key: pair.publicKey, message, signature };

const takenByTweetnacl = (each: Case): boolean =>
  nacl.sign.detached.verify(each.message, each.signature, each.key);

/** Signs by the good key's secret with any R = r * B + T, for a key that has a torsion part besides. */
function signedWith(r: Uint8Array, key: Uint8Array, text: string, nonce = 0n): Case {
  const { scalar } = ed25519.utils.getExtendedPublicKey(new Uint8Array(32).fill(7));
  const digest = numberOf(sha512(Buffer.concat([r, key, Buffer.from(text)])));
  const s = (nonce + (digest % L) * scalar) % L;
  return { key, message: Buffer.from(text), signature: Buffer.concat([r, bytesOf(s)]) };
}

describe('signatures in the browser', () => {
  test('are judged as node:crypto judges them, and Wycheproof: all 151 cases', () => {
    expect(cases).toHaveLength(151);
    expect(cases.map(here)).toEqual(cases.map(({ result }) => result === 'valid'));
    expect(cases.map(here)).toEqual(cases.map(there));
  });

  test.each(ODD_POINTS)('by a key of small order are refused, as node:crypto does: %s', (hex) => {
    const key = fromHex(hex);
    // R = S * B + T: one of those T that there are is the one that tweetnacl takes.
    const made = SMALL_ORDER.flatMap((torsion) =>
      Array.from({ length: 3 }, (_, at) => {
        const s = BigInt(at + 1);
        const r = ed25519.Point.BASE.multiply(s).add(pointOf(torsion)).toBytes();
        return { key, message: Buffer.from(`m${at}`), signature: Buffer.concat([r, bytesOf(s)]) };
      }),
    );
    expect(made.some(takenByTweetnacl)).toBe(true);
    expect(made.map(there)).not.toContain(true);
    expect(made.map(here)).not.toContain(true);
  });

  test('with R of small order are refused, as node:crypto does', () => {
    const torsioned = pointOf(toHex(good.key))
      .add(pointOf(SMALL_ORDER[4] ?? ''))
      .toBytes();
    const made = SMALL_ORDER.flatMap((hex) =>
      Array.from({ length: 16 }, (_, at) => signedWith(fromHex(hex), torsioned, `m${at}`)),
    );
    expect(made.some(takenByTweetnacl)).toBe(true);
    expect(made.map(there)).not.toContain(true);
    expect(made.map(here)).not.toContain(true);
  });

  test('by a key with a torsion part are judged as node:crypto does', () => {
    const torsioned = pointOf(toHex(good.key))
      .add(pointOf(SMALL_ORDER[1] ?? ''))
      .toBytes();
    const made = Array.from({ length: 12 }, (_, at) => {
      const r = ed25519.Point.BASE.multiply(BigInt(at + 1)).toBytes();
      return signedWith(r, torsioned, `m${at}`, BigInt(at + 1));
    });
    const said = made.map(there);
    expect(new Set(said)).toEqual(new Set([true, false]));
    expect(made.map(here)).toEqual(said);
  });

  test.each([1n, 2n, 7n])(
    'with %i times L added to S are refused, as tweetnacl alone does not',
    (times) => {
      const s = numberOf(signature.slice(32)) + times * L;
      const malleated = Buffer.concat([signature.slice(0, 32), bytesOf(s)]);
      expect(here(good)).toBe(true);
      expect(nacl.sign.detached.verify(message, malleated, good.key)).toBe(true);
      expect([
        here({ ...good, signature: malleated }),
        there({ ...good, signature: malleated }),
      ]).toEqual([false, false]);
    },
  );

  test('of any other length are refused', () => {
    for (const length of [0, 32, 63, 65, 128]) {
      expect(here({ ...good, signature: new Uint8Array(length) })).toBe(false);
    }
  });

  test('with one wrong bit anywhere, in what is signed or by what, are judged as node:crypto does', () => {
    const bits = fc.integer({ min: 0, max: 8 * 32 - 1 });
    const parts = fc.constantFrom<keyof Case>('key', 'message', 'signature');
    fc.assert(
      fc.property(parts, bits, (part, bit) => {
        const bytes = Uint8Array.from(good[part]);
        const at = (bit >> 3) % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
        const wrong = { ...good, [part]: bytes };
        expect([here(wrong), there(wrong)]).toEqual([false, false]);
      }),
      { numRuns: 15 },
    );
  });

  test('are told of to a callback, too', async () => {
    const key = createPublicKey({ key: spki(good.key), format: 'der', type: 'spki' });
    const told = await new Promise((resolve) => {
      verify(null, message, key, signature, (error, isValid) => {
        resolve([error, isValid]);
      });
    });
    expect(told).toEqual([null, true]);
  });
});

describe('keys in the browser', () => {
  test('are the same as JWK and as SPKI', () => {
    const x = Buffer.from(good.key).toString('base64url');
    const jwk = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(jwk.raw).toEqual(good.key);
    expect(verify(null, message, jwk, signature)).toBe(true);
  });

  test.each([
    ['of another kind', Buffer.concat([fromHex('302a300506032b656e032100'), good.key])],
    ['too short', spki(good.key.slice(1))],
    ['too long', Buffer.concat([spki(good.key), Uint8Array.of(0)])],
    ['empty', new Uint8Array()],
  ])('%s are refused', (_what, key) => {
    expect(() => createPublicKey({ key, format: 'der', type: 'spki' })).toThrow(TypeError);
  });

  test.each([
    { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) },
    { kty: 'EC', crv: 'Ed25519', x: 'A'.repeat(43) },
    { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(42) },
    { kty: 'OKP', crv: 'Ed25519', x: `${'A'.repeat(42)}!` },
  ])('%j is no key', (key) => {
    expect(() => createPublicKey({ key, format: 'jwk' })).toThrow(TypeError);
  });
});
