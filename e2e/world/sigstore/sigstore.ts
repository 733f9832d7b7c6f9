import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { initializeCA, initializeCTLog } from '@sigstore/mock/dist/fulcio/index.js';
import { initializeTSA } from '@sigstore/mock/dist/timestamp/index.js';
import { toClaims, type Attestation } from './attestation.js';
import { BUNDLE_MEDIA_TYPE, type Bundle, type LogEntry } from './bundle.js';
import { toExtensions } from './claims.js';
import { encodePae, toStatement } from './statement.js';
import { logEnvelope, type KeyPair, type Logged } from './transparency-log.js';
import {
  describeAuthority,
  describeLog,
  TRUSTED_ROOT_MEDIA_TYPE,
  type TrustedRoot,
} from './trusted-root.js';

/** A stand-in for one of the two Sigstores that GitHub signs with. */
export interface Sigstore {
  readonly trustedRoot: TrustedRoot;
  /** Signs as a job of GitHub Actions would; valid now, and for ten minutes. */
  attest(attestation: Attestation): Promise<Bundle>;
}

/** Whose form the stand-in takes: the public one has logs, GitHub's own only a timestamp authority. */
export interface SigstoreOptions {
  readonly instance?: 'public-good' | 'github';
}

const HOUR_MS = 3_600_000;
const SHA256_OID = '2.16.840.1.101.3.4.2.1';

/**
 * Makes a certificate authority, a certificate log, a transparency log and a timestamp authority,
 * each with a key of its own and none of them on the wire. What they sign holds under the real
 * `@sigstore/verify`; only the keys differ.
 */
export async function createSigstore({
  instance = 'public-good',
}: SigstoreOptions = {}): Promise<Sigstore> {
  const hasLogs = instance === 'public-good';
  const keys = {
    authority: createKey(),
    certificateLog: createKey(),
    log: createKey(),
    timestamps: createKey(),
  };
  const root = await initializeCA(keys.authority);
  const stamper = await initializeTSA(keys.timestamps);
  const authority = describeAuthority('fulcio', [bytesOf(root.rootCertificate)]);
  const stampers = describeAuthority('timestamp', [
    bytesOf(stamper.intCertificate),
    bytesOf(stamper.rootCertificate),
  ]);

  async function certify(attestation: Attestation, subject: KeyPair): Promise<Buffer> {
    const { fault } = attestation;
    const certificateLog = fault === 'foreign-certificate-log' ? createKey() : keys.certificateLog;
    const ctLog = await initializeCTLog(certificateLog);
    const isLogged = hasLogs && fault !== 'certificate-not-logged';
    // One key, so that what either of the two issues holds under the one certificate of the root.
    const issuer = isLogged ? await initializeCA(keys.authority, ctLog) : root;
    const claims = toClaims(attestation);
    const certificate = await issuer.issueCertificate({
      publicKey: subject.publicKey.export({ format: 'der', type: 'spki' }),
      subjectAltName: attestation.subjectAltName ?? claims.signerUri ?? '',
      extensions: [...toExtensions(claims)],
    });
    return bytesOf(certificate);
  }

  async function log(logged: Logged, { fault }: Attestation): Promise<readonly LogEntry[]> {
    if (!hasLogs || fault === 'not-logged') return [];
    const key = fault === 'foreign-log' ? createKey() : keys.log;
    return [await logEnvelope(key, logged, timeOf(fault))];
  }

  async function stamp(signature: Buffer, { fault }: Attestation): Promise<Buffer | null> {
    if (hasLogs || fault === 'not-timestamped') return null;
    const key = fault === 'foreign-timestamp' ? createKey() : keys.timestamps;
    const own = key === keys.timestamps && fault !== 'late';
    const at = own ? stamper : await initializeTSA(key, timeOf(fault));
    return bytesOf(
      await at.timestamp({
        artifactHash: createHash('sha256').update(signature).digest(),
        hashAlgorithmOID: SHA256_OID,
        nonce: 1,
        policyOID: '1.3.6.1.4.1.57264.2',
        certReq: true,
      }),
    );
  }

  return {
    trustedRoot: {
      mediaType: TRUSTED_ROOT_MEDIA_TYPE,
      ...(hasLogs && { tlogs: [describeLog(keys.log)] }),
      certificateAuthorities: [authority],
      ...(hasLogs && { ctlogs: [describeLog(keys.certificateLog, 'https://ct.stand-in.test')] }),
      ...(!hasLogs && { timestampAuthorities: [stampers] }),
    },
    async attest(attestation) {
      const signer = createKey();
      const certificate = await certify(attestation, signer);
      const payload = attestation.payload ?? toStatement(attestation);
      const payloadType = attestation.payloadType ?? 'application/vnd.in-toto+json';
      const key = attestation.fault === 'foreign-key' ? createKey() : signer;
      const signature = sign('sha256', encodePae(payloadType, payload), key.privateKey);
      const envelope = {
        payload: Buffer.from(payload).toString('base64'),
        payloadType,
        signatures: [{ sig: signature.toString('base64') }],
      };
      const entries = await log({ envelope, payload, signature, certificate }, attestation);
      const timestamp = await stamp(signature, attestation);
      return {
        mediaType: BUNDLE_MEDIA_TYPE,
        verificationMaterial: {
          ...(entries.length > 0 && { tlogEntries: entries }),
          timestampVerificationData: {
            ...(timestamp !== null && {
              rfc3161Timestamps: [{ signedTimestamp: timestamp.toString('base64') }],
            }),
          },
          certificate: { rawBytes: certificate.toString('base64') },
        },
        dsseEnvelope: envelope,
      };
    },
  };
}

function createKey(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function timeOf(fault: Attestation['fault']): Date {
  return new Date(Date.now() + (fault === 'late' ? HOUR_MS : 0));
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
