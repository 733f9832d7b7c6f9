import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64 } from '#libs/encoding';
import { commitStatement } from './commit.js';
import {
  ENVELOPE_LIMIT,
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  openEnvelopeAsync,
  parseEnvelope,
  signatureOf,
  signStatement,
  unverifiedPayload,
  type Envelope,
} from './dsse.js';
import { AttestationError } from './error.js';
import { resultStatement } from './result-statement.js';
import { ALICE, BOB, BUILT, COMMIT } from './sample.fixture.js';

const envelope = signStatement(resultStatement(BUILT), ALICE);
const [signature] = envelope.signatures;
const malformed: unknown = expect.objectContaining({ code: 'MALFORMED_ENVELOPE' });
const badSignature: unknown = expect.objectContaining({ code: 'BAD_SIGNATURE' });
const parsed = (value: unknown): Envelope => parseEnvelope(JSON.stringify(value));
/** What a call is refused with; null when it is not. */
function codeOf(call: () => unknown): string | null {
  try {
    call();
    return null;
  } catch (error) {
    return error instanceof AttestationError ? error.code : String(error);
  }
}
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

describe('a signed statement', () => {
  test('is opened by its signer’s key, and by no other', () => {
    const payload = openEnvelope(envelope, ALICE.publicKey);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(resultStatement(BUILT));
    expect(() => openEnvelope(envelope, BOB.publicKey)).toThrow(badSignature);
  });

  test('is the same envelope whenever it is signed again', () => {
    const again = signStatement(resultStatement({ ...BUILT }), ALICE);
    expect(again).toEqual(envelope);
    expect(envelopeDigest(again)).toBe(envelopeDigest(envelope));
  });

  test('is refused with any one bit of its payload turned', () => {
    const bytes = unverifiedPayload(envelope);
    const refusals = Array.from({ length: 400 }, (_, at) => {
      // 400 bits spread over the payload, each byte's place in a group of base64 among them.
      const payload = toBase64(flipped(bytes, Math.floor((at * bytes.length * 8) / 400)));
      return codeOf(() => openEnvelope({ ...envelope, payload }, ALICE.publicKey));
    });
    expect(new Set(refusals)).toEqual(new Set(['BAD_SIGNATURE']));
  });

  test('is refused with any one bit of its signature turned', () => {
    const bytes = signatureOf(envelope);
    const refusals = Array.from({ length: 512 }, (_, bit) => {
      const signatures = [{ sig: toBase64(flipped(bytes, bit)) }];
      return codeOf(() => openEnvelope({ ...envelope, signatures }, ALICE.publicKey));
    });
    expect(new Set(refusals)).toEqual(new Set(['BAD_SIGNATURE']));
  });

  test('is refused with the signature of another statement', () => {
    const { signatures } = signStatement(commitStatement(COMMIT), ALICE);
    expect(() => openEnvelope({ ...envelope, signatures }, ALICE.publicKey)).toThrow(badSignature);
  });

  test.each([0, 31, 33, 64])('is not opened by a key of %i bytes', (length) => {
    expect(() => openEnvelope(envelope, new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: 'BAD_KEY' }),
    );
  });

  test('commits to what is signed: key hints and base64 alphabets do not change the commitment', () => {
    const urlSafe = envelope.payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const other: Envelope = {
      ...envelope,
      payload: urlSafe,
      signatures: [{ sig: signature!.sig }],
    };
    expect(openEnvelope(other, ALICE.publicKey)).toEqual(openEnvelope(envelope, ALICE.publicKey));
    expect(commitmentOf(other)).toBe(commitmentOf(envelope));
    expect(envelopeDigest(other)).not.toBe(envelopeDigest(envelope));
    expect(commitmentOf(signStatement(commitStatement(COMMIT), ALICE))).not.toBe(
      commitmentOf(envelope),
    );
  });
});

describe('an envelope is read', () => {
  test('as it was written', () => {
    expect(parsed(envelope)).toEqual(envelope);
  });

  test('without its unknown fields, which DSSE says to ignore', () => {
    const more = { ...envelope, extra: 1, signatures: [{ ...signature, cert: 'x' }] };
    expect(parsed(more)).toEqual(envelope);
  });

  test.each([undefined, '', 'somebody else'])('whatever its key id says: %j', (keyid) => {
    const signatures = [keyid === undefined ? { sig: signature!.sig } : { ...signature, keyid }];
    const hinted = parsed({ ...envelope, signatures });
    expect(openEnvelope(hinted, ALICE.publicKey)).toEqual(unverifiedPayload(envelope));
    expect(() => openEnvelope(hinted, BOB.publicKey)).toThrow(badSignature);
  });
});

describe('an envelope is refused', () => {
  test.each<[string, unknown]>([
    ['without a signature', { ...envelope, signatures: [] }],
    ['with two signatures', { ...envelope, signatures: [signature, signature] }],
    ['without a payload', { ...envelope, payload: undefined }],
    ['without a payload type', { ...envelope, payloadType: undefined }],
    ['with a payload that is no text', { ...envelope, payload: 7 }],
    ['with a payload that is no base64', { ...envelope, payload: '{"_type":1}' }],
    ['with line breaks in its payload', { ...envelope, payload: 'QUJD\nQUJD' }],
    [
      'with half a surrogate pair as key id',
      { ...envelope, signatures: [{ ...signature, keyid: '\ud800' }] },
    ],
    ['with half a surrogate pair as type', { ...envelope, payloadType: '\udfff' }],
    ['that is a list', [envelope]],
    ['that is null', null],
  ])('%s', (_what, value) => {
    expect(() => parsed(value)).toThrow(malformed);
  });

  test.each(['', 'no json', '{"payload":', '\u0000'])('that is no JSON: %j', (text) => {
    expect(() => parseEnvelope(text)).toThrow(malformed);
  });

  test('that is longer than anybody should read', () => {
    const text = JSON.stringify(envelope);
    const padded = (length: number): string => text.padEnd(length);
    expect(parseEnvelope(padded(ENVELOPE_LIMIT))).toEqual(envelope);
    expect(() => parseEnvelope(padded(ENVELOPE_LIMIT + 1))).toThrow(malformed);
  });

  test.each(['QQ=A', 'A', 'QR==', 'QQ==QQ=='])('when opened with %j as payload', (payload) => {
    expect(() => openEnvelope({ ...envelope, payload }, ALICE.publicKey)).toThrow(malformed);
  });

  test.each(['*', 'A', 'QR=='])('when opened with %j as signature', (sig) => {
    expect(() => openEnvelope({ ...envelope, signatures: [{ sig }] }, ALICE.publicKey)).toThrow(
      malformed,
    );
  });

  test.each([0, 63, 65, 128])('when opened with a signature of %i bytes', (length) => {
    const sig = toBase64(new Uint8Array(length));
    expect(() => openEnvelope({ ...envelope, signatures: [{ sig }] }, ALICE.publicKey)).toThrow(
      badSignature,
    );
  });

  test('with any other error than its own by no text whatever', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(codeOf(() => parseEnvelope(text))).toBe('MALFORMED_ENVELOPE');
      }),
    );
  });
});

describe('opening on the pool', () => {
  const envelope = signStatement({ hello: 'world' }, ALICE);

  test('gives the very same bytes', async () => {
    expect(await openEnvelopeAsync(envelope, ALICE.publicKey)).toEqual(
      openEnvelope(envelope, ALICE.publicKey),
    );
  });

  test('refuses what opening at once refuses, with the same code', async () => {
    const [signature] = envelope.signatures;
    const short = { ...envelope, signatures: [{ sig: signature!.sig.slice(0, 84) }] };
    const typed = { ...envelope, payloadType: 'text/plain' };
    for (const [wrong, code] of [
      [short, 'BAD_SIGNATURE'],
      [typed, 'MALFORMED_ENVELOPE'],
    ] as const) {
      await expect(openEnvelopeAsync(wrong, ALICE.publicKey)).rejects.toMatchObject({ code });
      expect(codeOf(() => openEnvelope(wrong, ALICE.publicKey))).toBe(code);
    }
    const badSignature = { code: 'BAD_SIGNATURE' };
    await expect(openEnvelopeAsync(envelope, BOB.publicKey)).rejects.toMatchObject(badSignature);
    await expect(openEnvelopeAsync(envelope, new Uint8Array(31))).rejects.toMatchObject({
      code: 'BAD_KEY',
    });
  });
});
