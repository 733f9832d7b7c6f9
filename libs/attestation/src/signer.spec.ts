import { createPrivateKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64, toHex } from '#libs/encoding';
import { pemOf, spkiOf } from './key.js';
import { verifySignature } from './signature.js';
import { createSigner, publicKeyFromText, signerFromPem } from './signer.js';
import { ALICE } from './sample.fixture.js';

const badKey: unknown = expect.objectContaining({ code: 'BAD_KEY' });
const seedArb = fc.uint8Array({ minLength: 32, maxLength: 32 });
const pkcs8 = (seed: Uint8Array) =>
  createPrivateKey({
    // Source: RFC 8410 section 7
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });

describe('a signer', () => {
  test('gives the same bytes as node:crypto, and each verifies the other’s', () => {
    fc.assert(
      fc.property(seedArb, fc.uint8Array({ maxLength: 300 }), (seed, message) => {
        const signer = createSigner(seed);
        const key = {
          key: Buffer.from(spkiOf(signer.publicKey)),
          format: 'der',
          type: 'spki',
        } as const;
        const signature = signer.sign(message);
        expect(toHex(signature)).toBe(toHex(sign(null, message, pkcs8(seed))));
        expect(verify(null, message, key, signature)).toBe(true);
        expect(verifySignature(signer.publicKey, message, signature)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test.each([0, 31, 33, 64])('is not made of a seed of %i bytes', (length) => {
    expect(() => createSigner(new Uint8Array(length))).toThrow(badKey);
  });

  test('keeps its seed to itself', () => {
    const signer = createSigner(new Uint8Array(32).fill(0xab));
    expect(JSON.stringify(signer)).not.toContain('171,171');
    expect(Object.keys(signer).toSorted()).toEqual(['id', 'keyId', 'publicKey', 'sign']);
  });
});

describe('a private key in PEM', () => {
  test('is read as openssl writes it', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    expect(pemOf(signerFromPem(privateKey).publicKey)).toBe(publicKey);
    expect(signerFromPem(privateKey.replaceAll('\n', '\r\n')).id).toBe(
      signerFromPem(privateKey).id,
    );
  });

  // Source: RFC 8410 section 10.3
  test('is RFC 8410’s own example', () => {
    const pem =
      '-----BEGIN PRIVATE KEY-----\n' +
      'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n' +
      '-----END PRIVATE KEY-----\n';
    expect(toHex(signerFromPem(pem).publicKey)).toBe(
      '19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1',
    );
  });

  const encrypted = generateKeyPairSync('ed25519').privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'secret',
  });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const x25519 = generateKeyPairSync('x25519').privateKey;
  test.each([
    ['nothing', ''],
    ['any text', 'hello'],
    ['a public key', pemOf(ALICE.publicKey)],
    ['an encrypted key', encrypted.toString()],
    ['an RSA key', rsa.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['an X25519 key', x25519.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('is refused when it is %s', (_what, pem) => {
    expect(() => signerFromPem(pem)).toThrow(badKey);
  });
});

describe('a public key in a roster', () => {
  test.each([
    ['PEM', pemOf(ALICE.publicKey)],
    ['PEM with Windows line ends', pemOf(ALICE.publicKey).replaceAll('\n', '\r\n')],
    ['base64', toBase64(ALICE.publicKey)],
    ['base64 with white space around it', `  ${toBase64(ALICE.publicKey)}\n`],
    ['url-safe base64', Buffer.from(ALICE.publicKey).toString('base64url')],
  ])('is read from %s', (_what, text) => {
    expect(publicKeyFromText(text)).toEqual(ALICE.publicKey);
  });

  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  test.each([
    ['nothing', ''],
    ['31 bytes', toBase64(new Uint8Array(31))],
    ['33 bytes', toBase64(new Uint8Array(33))],
    ['hex', toHex(ALICE.publicKey)],
    ['PEM cut off', pemOf(ALICE.publicKey).slice(0, 60)],
    ['DER in base64', toBase64(spkiOf(ALICE.publicKey))],
    ['a principal', ALICE.id],
    [
      'another algorithm',
      generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ],
  ])('is refused when it is %s', (_what, text) => {
    expect(() => publicKeyFromText(text)).toThrow(badKey);
  });

  test.each([
    ['of small order', 'SMALL_ORDER_KEY', Uint8Array.of(1, ...new Uint8Array(31))],
    ['no point', 'NON_CANONICAL_KEY', new Uint8Array(32).fill(0xff)],
  ])('is refused when it is %s, however it is written', (_what, code, raw) => {
    const refusal: unknown = expect.objectContaining({ code });
    expect(() => publicKeyFromText(toBase64(raw))).toThrow(refusal);
    expect(() => publicKeyFromText(pemOf(raw))).toThrow(refusal);
  });

  test('is refused when it is the private key: a roster is public', () => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => publicKeyFromText(pem)).toThrow(badKey);
    const both = `${publicKey.export({ type: 'spki', format: 'pem' }).toString()}${pem}`;
    expect(() => publicKeyFromText(both)).toThrow(/private key/);
  });
});
