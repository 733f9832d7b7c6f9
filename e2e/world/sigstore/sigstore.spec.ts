import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier, type VerifierOptions } from '@sigstore/verify';
import { expect, test } from 'vitest';
import { createSigstore, type Attestation } from './index.js';

const RUN: Attestation = {
  commit: 'a12f'.repeat(10),
  subjects: [{ name: 'SHA256SUMS', sha256: '0123456789abcdef'.repeat(4) }],
};

test.for<['public-good' | 'github', VerifierOptions]>([
  ['public-good', {}],
  ['github', { tlogThreshold: 0, ctlogThreshold: 0 }],
])('the stock verifier accepts what the %s stand-in signs', async ([instance, options]) => {
  const { trustedRoot, attest } = await createSigstore({ instance });
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRoot)), options);
  const signer = verifier.verify(toSignedEntity(bundleFromJSON(await attest(RUN))));
  expect(signer.identity?.subjectAlternativeName).toBe(
    'https://github.com/dfinity/ic/.github/workflows/ci-main.yml@refs/heads/rc--2026-09-17_03-31',
  );
  const foreign = await attest({ ...RUN, fault: 'foreign-key' });
  expect(() => verifier.verify(toSignedEntity(bundleFromJSON(foreign)))).toThrow();
});
