import { initializeCA, initializeCTLog } from '@sigstore/mock/dist/fulcio/index.js';
import { toClaims, type Attestation } from './attestation.js';
import { toExtensions } from './claims.js';
import { createKeyPair, encodeKey, toBuffer, type KeyPair } from './key-pair.js';

/** Issues certificates to runs of GitHub Actions, for ten minutes from now. */
export interface CertificateAuthority {
  /** DER */
  readonly rootCertificate: Buffer;
  /** The key of the log that it shows its certificates in. */
  readonly certificateLog: KeyPair;
  issue(subject: KeyPair, attestation: Attestation): Promise<Buffer>;
}

/** Makes an authority with new keys; one without a log is GitHub's own. */
export async function createCertificateAuthority({
  isLogging,
}: {
  readonly isLogging: boolean;
}): Promise<CertificateAuthority> {
  const key = createKeyPair();
  const certificateLog = createKeyPair();
  // The same key in each, so that what any of them issues holds under the one root certificate.
  const silent = await initializeCA(key);
  const logging = await initializeCA(key, await initializeCTLog(certificateLog));

  async function issuerFor({ fault }: Attestation): Promise<typeof silent> {
    if (fault === 'foreign-certificate-log') {
      return initializeCA(key, await initializeCTLog(createKeyPair()));
    }
    return isLogging && fault !== 'certificate-not-logged' ? logging : silent;
  }

  return {
    rootCertificate: toBuffer(silent.rootCertificate),
    certificateLog,
    async issue(subject, attestation) {
      const claims = toClaims(attestation);
      const issuer = await issuerFor(attestation);
      const certificate = await issuer.issueCertificate({
        publicKey: new Uint8Array(encodeKey(subject)),
        subjectAltName: attestation.subjectAltName ?? claims.signerUri ?? '',
        extensions: [...toExtensions(claims)],
      });
      return toBuffer(certificate);
    },
  };
}
