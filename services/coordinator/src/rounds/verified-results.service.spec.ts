import { expect, test } from 'vitest';
import { signedPartsOf } from '#libs/attestation';
import { makeResult, makeRoster, makeRound, makeSigner, signResult } from '#libs/testing';
import { spell } from '../log/spelled-envelope.js';
import { VerifiedResultsService } from './verified-results.service.js';

const [acme, bits] = [makeSigner(1), makeSigner(2)];
const { round, open } = makeRound(makeRoster({ acme: [acme], bits: [bits] }));
const result = makeResult({ round, release: open.release, builder: acme.id });
const spelled = spell(signedPartsOf(signResult(result, acme)), acme.publicKey);

test('a result that was verified is found by its name, and by the key it was verified with', () => {
  const results = new VerifiedResultsService();
  expect(results.named(spelled.sha256, acme.publicKey)).toBeUndefined();
  results.add(spelled, result);
  expect(results.named(spelled.sha256, acme.publicKey)).toBe(result);
});

test('under the name of another builder it is no result', () => {
  const results = new VerifiedResultsService();
  results.add(spelled, result);
  expect(results.named(spelled.sha256, bits.publicKey)).toBeUndefined();
});

test('as many are kept as fit into its memory, the newest ones', () => {
  const results = new VerifiedResultsService();
  const body = 'x'.repeat(1024 ** 2);
  const names = Array.from({ length: 65 }, (_, at) => at.toString().padStart(64, '0'));
  for (const sha256 of names) results.add({ ...spelled, sha256, body }, result);
  const found = names.filter((name) => results.named(name, acme.publicKey) !== undefined);
  expect(found).toEqual(names.slice(1));
});

test('what is stored is known as the very bytes that were verified, and by their key alone', () => {
  const { asStored } = new VerifiedResultsService();
  const { body, publicKey } = { ...spelled, publicKey: acme.publicKey };
  asStored.keep(body, publicKey, result);
  expect(asStored.read(body, publicKey)).toBe(result);
  expect(asStored.read(`${body} `, publicKey)).toBeUndefined();
  expect(asStored.read(body, bits.publicKey)).toBeUndefined();
  expect(asStored.named(spelled.sha256, publicKey)).toBeUndefined();
});

test('what is remembered can be changed by nobody who is given it', () => {
  const results = new VerifiedResultsService();
  results.add(spelled, result);
  const given = results.named(spelled.sha256, acme.publicKey)!;
  expect(() => Object.assign(given.environment, { source: 'forged' })).toThrow(TypeError);
});
