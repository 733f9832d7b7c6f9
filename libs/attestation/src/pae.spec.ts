import { describe, expect, test } from 'vitest';
import { fromBase64Any, fromHex, toHex } from '#libs/encoding';
import { openEnvelope, preAuthEncoding, type Envelope } from './dsse.js';
import { verifySignature } from './signature.js';
import { createSigner } from './signer.js';

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));
const pae = (type: string, payload: Uint8Array): string =>
  Buffer.from(preAuthEncoding(type, payload)).toString('utf8');

describe('the pre-authentication encoding', () => {
  // Source: DSSE v1.0.2, protocol.md, "Test vectors"
  test('is the protocol’s own example', () => {
    expect(pae('http://example.com/HelloWorld', utf8('hello world'))).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  test('counts bytes of a payload type, not characters', () => {
    expect(pae('application/vnd.exämple+json', utf8('é'))).toBe(
      'DSSEv1 29 application/vnd.exämple+json 2 é',
    );
    expect(pae('🦊', utf8(''))).toBe('DSSEv1 4 🦊 0 ');
  });

  test('keeps any byte of a payload as it is', () => {
    const payload = Uint8Array.from({ length: 256 }, (_, at) => at);
    const encoded = preAuthEncoding('t', payload);
    expect(encoded.slice(-256)).toEqual(payload);
    expect(Buffer.from(encoded.slice(0, -256)).toString()).toBe('DSSEv1 1 t 256 ');
  });

  test('never lets a part of the type pass for the payload', () => {
    expect(pae('a 1 b', utf8('c'))).not.toBe(pae('a', utf8('1 b 1 c')));
    expect(pae('', utf8(''))).toBe('DSSEv1 0  0 ');
  });
});

/** Keys are those of RFC 8032 section 7.1, TEST 1 and TEST 2. */
const A = createSigner(fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
const B = createSigner(fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'));

const STATEMENT = 'eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==';
const STATEMENT_BODY =
  '7b225f74797065223a2268747470733a2f2f696e2d746f746f2e696f2f53746174656d656e742f7631227d';
const IN_TOTO = 'application/vnd.in-toto+json';
const IN_TOTO_HEAD =
  '445353457631203238206170706c69636174696f6e2f766e642e696e2d746f746f2b6a736f6e20';

interface Vector {
  readonly id: string;
  readonly payload: string;
  readonly payloadType: string;
  readonly sig: string;
  readonly pae: string;
}

// Source: secure-systems-lab/dsse at commit 82043ad, testvectors/vectors.json (Apache-2.0): those of
// one signature.
const VECTORS: readonly Vector[] = [
  {
    id: 'single-signature',
    payload: STATEMENT,
    payloadType: IN_TOTO,
    sig: '2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==',
    pae: `${IN_TOTO_HEAD}343320${STATEMENT_BODY}`,
  },
  {
    id: 'url-safe-base64',
    payload: '-_-_Pj8=',
    payloadType: IN_TOTO,
    sig: 'P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw==',
    pae: `${IN_TOTO_HEAD}3520fbffbf3e3f`,
  },
  {
    id: 'non-ascii-payload-type',
    payload: STATEMENT,
    payloadType: 'application/vnd.exämple+json',
    sig: 'xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw==',
    pae: `445353457631203239206170706c69636174696f6e2f766e642e6578c3a46d706c652b6a736f6e20343320${STATEMENT_BODY}`,
  },
  {
    id: 'empty-payload',
    payload: '',
    payloadType: IN_TOTO,
    sig: 'gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg==',
    pae: `${IN_TOTO_HEAD}3020`,
  },
  {
    id: 'empty-payload-type',
    payload: STATEMENT,
    payloadType: '',
    sig: 'iC3q/+3Rm0+lpAJRueDmDh15PnwCfxKmS0NAfKsbv+zgulXQC/WM9trc+j1XEqlwDIg/vf/uNfebeD6sxInrDg==',
    pae: `44535345763120302020343320${STATEMENT_BODY}`,
  },
];

describe('the vectors of DSSE', () => {
  test.each(VECTORS)('$id: same encoding, same signature', (vector) => {
    const bytes = preAuthEncoding(vector.payloadType, fromBase64Any(vector.payload));
    expect(toHex(bytes)).toBe(vector.pae);
    expect(A.sign(bytes)).toEqual(fromBase64Any(vector.sig));
    expect(verifySignature(A.publicKey, bytes, fromBase64Any(vector.sig))).toBe(true);
    expect(verifySignature(B.publicKey, bytes, fromBase64Any(vector.sig))).toBe(false);
  });

  const envelopeOf = ({ payload, payloadType, sig }: Vector): Envelope => ({
    payload,
    payloadType,
    signatures: [{ sig }],
  });

  test.each(VECTORS.filter(({ payloadType }) => payloadType === IN_TOTO))(
    '$id is opened',
    (vector) => {
      const payload = openEnvelope(envelopeOf(vector), A.publicKey);
      expect(payload).toEqual(fromBase64Any(vector.payload));
    },
  );

  test.each(VECTORS.filter(({ payloadType }) => payloadType !== IN_TOTO))(
    '$id is refused: well signed, but no in-toto statement',
    (vector) => {
      expect(() => openEnvelope(envelopeOf(vector), A.publicKey)).toThrow(
        expect.objectContaining({ code: 'MALFORMED_ENVELOPE' }),
      );
    },
  );

  test('payload-type-swapped is refused', () => {
    const swapped = {
      ...envelopeOf(VECTORS[0]!),
      payloadType: 'application/vnd.example.other+json',
    };
    expect(() => openEnvelope(swapped, A.publicKey)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_ENVELOPE' }),
    );
    const relabelled = { ...envelopeOf(VECTORS[2]!), payloadType: IN_TOTO };
    expect(() => openEnvelope(relabelled, A.publicKey)).toThrow(
      expect.objectContaining({ code: 'BAD_SIGNATURE' }),
    );
  });
});
