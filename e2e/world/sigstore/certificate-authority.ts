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
  const root = await initializeCA(key);
  return {
    rootCertificate: toBuffer(root.rootCertificate),
    certificateLog,
    async issue(subject, attestation) {
      const { fault, subjectAltName } = attestation;
      const logKey = fault === 'foreign-certificate-log' ? createKeyPair() : certificateLog;
      const isLogged = isLogging && fault !== 'certificate-not-logged';
      // The same key, so that what either of the two issues holds under the one root certificate.
      const issuer = isLogged ? await initializeCA(key, await initializeCTLog(logKey)) : root;
      const claims = toClaims(attestation);
      const certificate = await issuer.issueCertificate({
        publicKey: new Uint8Array(encodeKey(subject)),
        subjectAltName: subjectAltName ?? claims.signerUri ?? '',
        extensions: [...toExtensions(claims)],
      });
      return toBuffer(certificate);
    },
  };
}
