import { expect, test } from 'vitest';
import { AttestationError, type Envelope } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { makeResult, makeRoster, makeRound, makeSigner, signResult } from '#libs/testing';
import { OpenedEnvelopesService } from './opened-envelopes.service.js';

const [acme, bits] = [makeSigner(1), makeSigner(2)];
const { round, open } = makeRound(makeRoster({ acme: [acme], bits: [bits] }));
const result = makeResult({ round, release: open.release, builder: acme.id });
const envelope = signResult(result, acme);

function refusal(changed: Envelope, key: Uint8Array): unknown {
  const opened = new OpenedEnvelopesService();
  opened.open(envelope, acme.publicKey);
  try {
    return opened.open(changed, key);
  } catch (error) {
    return error instanceof AttestationError ? error.code : error;
  }
}

test('an envelope is opened once, and gives the same payload ever after', () => {
  const opened = new OpenedEnvelopesService();
  const payload = opened.open(envelope, acme.publicKey);
  expect(toBase64(payload)).toBe(envelope.payload);
  expect(opened.open(structuredClone(envelope), acme.publicKey)).toBe(payload);
});

test('one that was opened is no passport for another payload, signature or key', () => {
  const other = signResult({ ...result, agentVersion: '9' }, acme);
  expect(refusal({ ...envelope, payload: other.payload }, acme.publicKey)).toBe('BAD_SIGNATURE');
  expect(refusal({ ...envelope, signatures: other.signatures }, acme.publicKey)).toBe(
    'BAD_SIGNATURE',
  );
  expect(refusal(envelope, bits.publicKey)).toBe('BAD_SIGNATURE');
});
