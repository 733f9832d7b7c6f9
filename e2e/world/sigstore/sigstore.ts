import { sign } from 'node:crypto';
import type { Attestation, AttestationFault } from './attestation.js';
import { BUNDLE_MEDIA_TYPE, type Bundle, type LogEntry } from './bundle.js';
import { createCertificateAuthority } from './certificate-authority.js';
import { createKeyPair } from './key-pair.js';
import { encodePae, toStatement } from './statement.js';
import { createTimestampAuthority } from './timestamp-authority.js';
import { LOG_URL, logEnvelope, type Logged } from './transparency-log.js';
import {
  describeAuthority,
  describeLog,
  TRUSTED_ROOT_MEDIA_TYPE,
  type TrustedRoot,
} from './trusted-root.js';

/** A stand-in for one of the two Sigstores that GitHub signs with. */
export interface Sigstore {
  readonly trustedRoot: TrustedRoot;
  /** Signs as a job of GitHub Actions would, now. */
  readonly attest: (attestation: Attestation) => Promise<Bundle>;
}

/** The public one has logs; GitHub's own, for private repositories, a timestamp authority. */
export interface SigstoreOptions {
  readonly instance?: 'public-good' | 'github';
}

const HOUR_MS = 3_600_000;

/**
 * Makes a certificate authority, a certificate log, a transparency log and a timestamp authority,
 * each with a key of its own and none of them on the wire. What they sign holds under the real
 * `@sigstore/verify`; only the keys differ.
 */
export async function createSigstore({
  instance = 'public-good',
}: SigstoreOptions = {}): Promise<Sigstore> {
  const hasLogs = instance === 'public-good';
  const authority = await createCertificateAuthority({ isLogging: hasLogs });
  const timestamps = await createTimestampAuthority();
  const logKey = createKeyPair();

  async function log(logged: Logged, fault?: AttestationFault): Promise<readonly LogEntry[]> {
    if (!hasLogs || fault === 'not-logged') return [];
    const key = fault === 'foreign-log' ? createKeyPair() : logKey;
    return [await logEnvelope(key, logged, timeOf(fault))];
  }

  async function stamp(signature: Buffer, fault?: AttestationFault): Promise<readonly Buffer[]> {
    if (hasLogs || fault === 'not-timestamped') return [];
    const by = fault === 'foreign-timestamp' ? await createTimestampAuthority() : timestamps;
    return [await by.stamp(signature, timeOf(fault))];
  }

  return {
    trustedRoot: {
      mediaType: TRUSTED_ROOT_MEDIA_TYPE,
      certificateAuthorities: [describeAuthority('fulcio', [authority.rootCertificate])],
      ...(hasLogs
        ? {
            tlogs: [describeLog(logKey, LOG_URL)],
            ctlogs: [describeLog(authority.certificateLog, 'https://ct.stand-in.test')],
          }
        : { timestampAuthorities: [describeAuthority('timestamp', timestamps.certificates)] }),
    },
    async attest(attestation) {
      const { fault, payloadType = 'application/vnd.in-toto+json' } = attestation;
      const signer = createKeyPair();
      const certificate = await authority.issue(signer, attestation);
      const payload = attestation.payload ?? toStatement(attestation);
      const { privateKey } = fault === 'foreign-key' ? createKeyPair() : signer;
      const signature = sign('sha256', encodePae(payloadType, payload), privateKey);
      const dsseEnvelope = {
        payload: Buffer.from(payload).toString('base64'),
        payloadType,
        signatures: [{ sig: signature.toString('base64') }],
      };
      const logged = { envelope: dsseEnvelope, payload, signature, certificate };
      const tlogEntries = await log(logged, fault);
      const rfc3161Timestamps = (await stamp(signature, fault)).map((response) => ({
        signedTimestamp: response.toString('base64'),
      }));
      return {
        mediaType: BUNDLE_MEDIA_TYPE,
        verificationMaterial: {
          ...(tlogEntries.length > 0 && { tlogEntries }),
          timestampVerificationData: {
            ...(rfc3161Timestamps.length > 0 && { rfc3161Timestamps }),
          },
          certificate: { rawBytes: certificate.toString('base64') },
        },
        dsseEnvelope,
      };
    },
  };
}

/** Whole seconds, as GitHub's authorities give them; the mock would write fractions in short. */
function timeOf(fault?: AttestationFault): Date {
  const at = Date.now() + (fault === 'late' ? HOUR_MS : 0);
  return new Date(Math.floor(at / 1000) * 1000);
}
