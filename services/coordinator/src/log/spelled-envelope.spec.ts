import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  commitmentOf,
  envelopeDigest,
  signatureOf,
  signedPartsOf,
  signStatement,
  type Envelope,
} from '#libs/attestation';
import { canonicalJson } from '#libs/encoding';
import { makeSigner } from '#libs/testing';
import { spell } from './spelled-envelope.js';

const acme = makeSigner(1);

function spelled(envelope: Envelope): ReturnType<typeof spell> {
  return spell(signedPartsOf(envelope), acme.publicKey);
}

test('an envelope as its signer wrote it keeps its spelling, name and commitment', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (statement) => {
      const envelope = signStatement(statement, acme);
      expect(spelled(envelope)).toEqual({
        envelope,
        body: canonicalJson(envelope),
        sha256: envelopeDigest(envelope),
        paeSha256: commitmentOf(envelope),
        signature: signatureOf(envelope),
        publicKey: acme.publicKey,
      });
    }),
    { numRuns: 50 },
  );
});

test('other spellings of an envelope are the same one', () => {
  const envelope = signStatement({ text: '???>>>~~~' }, acme);
  const [{ sig }] = envelope.signatures as [{ sig: string }];
  const urlSafe = (text: string): string =>
    text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const other: Envelope = {
    payload: urlSafe(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: [{ keyid: 'another hint', sig: urlSafe(sig) }],
  };
  expect(other.payload).not.toBe(envelope.payload);
  expect(spelled(other)).toEqual(spelled(envelope));
});
