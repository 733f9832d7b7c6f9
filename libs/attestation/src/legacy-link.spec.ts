import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { legacyKeyId } from './legacy-key.js';
import { legacyLayout } from './legacy-layout.js';
import { legacyLink, legacyLinkFile, openLegacyLink } from './legacy-link.js';
import { signMetablock } from './metablock.js';
import { ALICE, BOB, BUILT, FAILED, ROUND } from './sample.fixture.js';

const link = legacyLink(BUILT, ALICE);
const codeIs = (code: string): unknown => expect.objectContaining({ code });

test('a key is named as in-toto names it', () => {
  // Made by securesystemslib 0.26 of the key that RFC 8032 lists as TEST 1.
  const key = Buffer.from(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    'hex',
  );
  expect(legacyKeyId(key)).toBe('01e8764eedab63b3593451765fc337b2cc6d2c66923845da255f448c19e2afc5');
});

describe('a builder’s link', () => {
  test('has as products exactly the outputs, and as material the source', () => {
    expect(link.signed.products).toEqual(
      Object.fromEntries(
        BUILT.outputs.map(({ path, sha256: digest }) => [
          `${BUILT.release.name}/${path}`,
          { sha256: digest },
        ]),
      ),
    );
    expect(link.signed.materials).toEqual({ [BUILT.release.name]: BUILT.release.digest });
    expect(legacyLinkFile(ALICE.publicKey)).toMatch(/^rebuild\.[0-9a-f]{8}\.link$/);
  });

  test('is taken with its result, by its builder’s key', () => {
    expect(openLegacyLink(JSON.parse(JSON.stringify(link)), ALICE.publicKey, BUILT)).toEqual(link);
  });

  test('is refused by another key, and under another key’s id', () => {
    expect(() => openLegacyLink(link, BOB.publicKey, BUILT)).toThrow(codeIs('BAD_SIGNATURE'));
    const signatures = link.signatures.map((one) => ({
      ...one,
      keyid: legacyKeyId(BOB.publicKey),
    }));
    const renamed = { ...link, signatures };
    expect(() => openLegacyLink(renamed, ALICE.publicKey, BUILT)).toThrow(codeIs('BAD_SIGNATURE'));
  });

  const forged = (over: object): unknown => signMetablock({ ...link.signed, ...over }, ALICE);
  const products = { ...link.signed.products };
  const [name = ''] = Object.keys(products);
  test.each<[string, object]>([
    ['with another digest', { products: { ...products, [name]: { sha256: sha256('other') } } }],
    ['with a product more', { products: { ...products, more: { sha256: sha256('more') } } }],
    ['with a product less', { products: { [name]: products[name] } }],
    ['of another source', { materials: {} }],
    ['of another round', { environment: { builder: ALICE.id, round: sha256('other') } }],
    ['of another builder', { environment: { builder: BOB.id, round: ROUND } }],
  ])('%s than its result says is refused, though it is signed', (_what, over) => {
    expect(() => openLegacyLink(forged(over), ALICE.publicKey, BUILT)).toThrow(
      codeIs('WRONG_SUBJECT'),
    );
  });

  test('belongs to no failed build', () => {
    expect(() => openLegacyLink(link, ALICE.publicKey, FAILED)).toThrow(codeIs('WRONG_SUBJECT'));
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['an envelope', { payload: '', payloadType: '', signatures: [] }],
    ['a layout', { ...link, signed: { ...link.signed, _type: 'layout' } }],
    ['two signatures', { ...link, signatures: [...link.signatures, ...link.signatures] }],
    ['a field more', { ...link, signed: { ...link.signed, more: 1 } }],
    ['a text with controls', { ...link, signed: { ...link.signed, byproducts: { a: '\n' } } }],
    ['a short signature', { ...link, signatures: [{ ...link.signatures[0], sig: 'ab' }] }],
  ])('is not %s', (_what, value) => {
    expect(() => openLegacyLink(value, ALICE.publicKey, BUILT)).toThrow(
      codeIs('MALFORMED_STATEMENT'),
    );
  });
});

test('a layout asks for t builders, and ends at a time in whole seconds', () => {
  const expires = new Date('2026-05-06T07:08:09.123Z');
  const publicKeys = [ALICE.publicKey, BOB.publicKey];
  const { signed } = legacyLayout({ publicKeys, threshold: 2, products: ['a/b'], expires }, BOB);
  expect(signed).toMatchObject({
    expires: '2026-05-06T07:08:09Z',
    steps: [
      {
        threshold: 2,
        pubkeys: publicKeys.map(legacyKeyId),
        expected_products: [['REQUIRE', 'a/b']],
      },
    ],
  });
});
