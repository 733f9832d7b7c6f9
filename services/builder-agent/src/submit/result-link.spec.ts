import { expect, test } from 'vitest';
import { openLegacyLink, resultStatement, signStatement, type Result } from '#libs/attestation';
import { ResultSubmitted } from '#libs/contracts';
import { makeRelease, makeResult, makeSigner } from '#libs/testing';
import { resultLink } from './result-link.js';

const signer = makeSigner(5);
const round = 'ab'.repeat(32);
const built = makeResult({ round, release: makeRelease(), builder: signer.id }, 'good');
const failed: Result = {
  ...built,
  ...{ kind: 'failed', stage: 'build', class: 'network', message: '', logSha256: null },
};

test('a result that was built goes out with a link that its builder signed', () => {
  const envelope = signStatement(resultStatement(built), signer);
  const link = resultLink(envelope, signer);
  expect(openLegacyLink(link, signer.publicKey, built)).toEqual(link);
  expect(ResultSubmitted.safeParse({ envelope, link }).success).toBe(true);
});

test('a failure has none', () => {
  expect(resultLink(signStatement(resultStatement(failed), signer), signer)).toBeNull();
});
