import { readFileSync } from 'node:fs';
import { Ed25519KeyIdentity, Ed25519PublicKey } from '@dfinity/identity';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, sha256, toHex } from '#libs/encoding';
import { builderIdOf, keyIdOf, pemOf, spkiOf } from './key.js';
import { verifySignature } from './signature.js';
import { createSigner } from './signer.js';
import { Id } from './statement.js';

const seedArb = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('a builder’s id', () => {
  test('is the principal that @dfinity/identity derives from the key', () => {
    fc.assert(
      fc.property(seedArb, (seed) => {
        const signer = createSigner(seed);
        const identity = Ed25519KeyIdentity.generate(seed);
        expect(signer.id).toBe(identity.getPrincipal().toText());
        expect(builderIdOf(signer.publicKey)).toBe(signer.id);
        const theirs = Ed25519PublicKey.fromRaw(signer.publicKey);
        expect(toHex(spkiOf(signer.publicKey))).toBe(toHex(new Uint8Array(theirs.toDer())));
      }),
      { numRuns: 8 },
    );
  });

  test('is safe as a NATS token, a path and a part of a URL', () => {
    fc.assert(
      fc.property(seedArb, (key) => {
        expect(Id.safeParse(builderIdOf(key)).success).toBe(true);
        expect(encodeURIComponent(builderIdOf(key))).toBe(builderIdOf(key));
      }),
    );
  });
});

describe('a public key', () => {
  const key = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');

  // Source: RFC 8410 section 10.1 has the same head for its own key.
  test('has the DER head of RFC 8410', () => {
    expect(toHex(spkiOf(key))).toBe(`302a300506032b6570032100${toHex(key)}`);
    expect(keyIdOf(key)).toBe(sha256(spkiOf(key)));
  });

  // Source: RFC 8410 section 10.1
  test('is written as RFC 8410’s own example', () => {
    const example = fromHex('19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1');
    expect(pemOf(example)).toBe(
      '-----BEGIN PUBLIC KEY-----\n' +
        'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n' +
        '-----END PUBLIC KEY-----\n',
    );
  });

  test.each([0, 31, 33, 44])('of %i bytes is refused', (length) => {
    for (const use of [spkiOf, keyIdOf, builderIdOf, pemOf]) {
      expect(() => use(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: 'BAD_KEY' }),
      );
    }
  });
});

// Source: RFC 8032 section 7.1
const RFC_8032: readonly (readonly [string, string, string, string, string])[] = [
  [
    'TEST 1',
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'TEST 2',
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'TEST 3',
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'TEST SHA(abc)',
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
];

describe('Ed25519 is RFC 8032’s', () => {
  test.each(RFC_8032)('%s: key, signature and verification', (_name, seed, key, message, sig) => {
    const signer = createSigner(fromHex(seed));
    expect(toHex(signer.publicKey)).toBe(key);
    expect(toHex(signer.sign(fromHex(message)))).toBe(sig);
    expect(verifySignature(fromHex(key), fromHex(message), fromHex(sig))).toBe(true);
    expect(verifySignature(fromHex(key), fromHex(`${message}00`), fromHex(sig))).toBe(false);
  });
});

interface Wycheproof {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid';
    }[];
  }[];
}

describe('Ed25519 against Wycheproof', () => {
  const file = new URL('../vectors/wycheproof-ed25519.json', import.meta.url);
  const suite = JSON.parse(readFileSync(file, 'utf8')) as Wycheproof;
  const cases = suite.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map((each) => ({ ...each, key: fromHex(publicKey.pk) })),
  );

  test('all 151 cases are there', () => {
    expect(cases).toHaveLength(suite.numberOfTests);
    expect(cases).toHaveLength(151);
  });

  test('every valid signature is accepted, every other refused: malleable, cut, badly encoded', () => {
    const given = cases.map(({ tcId, key, msg, sig }) => ({
      tcId,
      isValid: verifySignature(key, fromHex(msg), fromHex(sig)),
    }));
    expect(given).toEqual(cases.map(({ tcId, result }) => ({ tcId, isValid: result === 'valid' })));
  });
});
