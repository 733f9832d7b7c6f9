import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#libs/encoding';
import { checkPublicKey } from './key-check.js';
import { createSigner } from './signer.js';

const refused = (code: string): unknown => expect.objectContaining({ code });
const filled = (first: string, middle: string, last: string): string =>
  `${first}${middle.repeat(30)}${last}`;

// Source: the torsion subgroup of edwards25519, orders 1, 2, 4, 4, 8, 8, 8, 8
const SMALL_ORDER = [
  filled('01', '00', '00'),
  filled('ec', 'ff', '7f'),
  filled('00', '00', '00'),
  filled('00', '00', '80'),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];

describe('a public key', () => {
  test.each([0, 31, 33, 44, 64])('of %i bytes is refused', (length) => {
    expect(() => {
      checkPublicKey(new Uint8Array(length));
    }).toThrow(refused('BAD_KEY'));
  });

  test.each(SMALL_ORDER)('of small order is refused: %s', (hex) => {
    expect(() => {
      checkPublicKey(fromHex(hex));
    }).toThrow(refused('SMALL_ORDER_KEY'));
  });

  test.each([
    ['y = p', filled('ed', 'ff', '7f')],
    ['y = p, sign set', filled('ed', 'ff', 'ff')],
    ['y = p + 1', filled('ee', 'ff', '7f')],
    ['y = p + 1, sign set', filled('ee', 'ff', 'ff')],
    ['y = p + 18', filled('ff', 'ff', '7f')],
    ['y = p + 18, sign set', filled('ff', 'ff', 'ff')],
    ['y = 1 with the sign of an x that is 0', filled('01', '00', '80')],
    ['y = -1 with the sign of an x that is 0', filled('ec', 'ff', 'ff')],
  ])('in a second encoding is refused: %s', (_what, hex) => {
    expect(() => {
      checkPublicKey(fromHex(hex));
    }).toThrow(refused('NON_CANONICAL_KEY'));
  });

  test('that is no point of the curve is refused', () => {
    expect(() => {
      checkPublicKey(fromHex(filled('02', '00', '00')));
    }).toThrow(refused('NON_CANONICAL_KEY'));
  });

  test.each(SMALL_ORDER.slice(1))('with a torsion part is refused: %s', (hex) => {
    const honest = ed25519.Point.fromBytes(createSigner(new Uint8Array(32).fill(1)).publicKey);
    const torsioned = honest.add(ed25519.Point.fromBytes(fromHex(hex)));
    expect(() => {
      checkPublicKey(torsioned.toBytes());
    }).toThrow(refused('TORSIONED_KEY'));
  });

  test('of every honest signer passes, the second time too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const { publicKey } = createSigner(seed);
        checkPublicKey(publicKey);
        checkPublicKey(publicKey);
      }),
      { numRuns: 100 },
    );
  });

  test('is named in the refusal, so that its owner can find it', () => {
    const hex = toHex(new Uint8Array(32));
    expect(() => {
      checkPublicKey(fromHex(hex));
    }).toThrow(hex);
  });
});
