import { bundleFromJSON, type Bundle } from '@sigstore/bundle';
import { fromBase64, quote } from '#libs/encoding';
import { z } from 'zod';
import { checkLogEntry } from './log-entry.js';
import { Refusal } from './refusal.js';
import { checkTimestampResponse } from './timestamp-response.js';

/** A bundle of the one kind that GitHub makes: an envelope signed under a certificate. */
export interface SignedBundle {
  readonly bundle: Bundle;
  /** DER */
  readonly certificate: Buffer;
  readonly payloadType: string;
  readonly payload: Buffer;
}

const isBase64 = (text: string): boolean => {
  try {
    return fromBase64(text).length > 0;
  } catch {
    return false;
  }
};
const Bytes = z.string().refine(isBase64, { error: 'not standard padded base64', abort: true });
/** At most 18 digits, so that every reader makes the same number of them. */
const Decimal = z.string().regex(/^(?:0|[1-9][0-9]{0,17})$/);
const MAX_SIGNATURE_LENGTH = 1024;
const MAX_CERTIFICATE_LENGTH = 16 * 1024;
const MAX_WITNESSES = 8;

const LogEntry = z.strictObject({
  logIndex: Decimal,
  logId: z.strictObject({ keyId: Bytes }),
  kindVersion: z.strictObject({ kind: z.string().max(32), version: z.string().max(32) }),
  integratedTime: Decimal.max(11).optional(),
  inclusionPromise: z
    .strictObject({ signedEntryTimestamp: Bytes.max(MAX_SIGNATURE_LENGTH) })
    .optional(),
  inclusionProof: z.strictObject({
    logIndex: Decimal,
    rootHash: Bytes,
    treeSize: Decimal,
    hashes: z.array(Bytes).max(64).default([]),
    checkpoint: z.strictObject({ envelope: z.string().max(8192) }),
  }),
  canonicalizedBody: Bytes,
});

const StrictBundle = z.strictObject({
  mediaType: z.enum([
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    'application/vnd.dev.sigstore.bundle+json;version=0.3',
  ]),
  verificationMaterial: z.strictObject({
    certificate: z.strictObject({ rawBytes: Bytes.max(MAX_CERTIFICATE_LENGTH) }),
    tlogEntries: z.array(LogEntry).max(MAX_WITNESSES).default([]),
    timestampVerificationData: z
      .strictObject({
        rfc3161Timestamps: z
          .array(z.strictObject({ signedTimestamp: Bytes.max(MAX_CERTIFICATE_LENGTH) }))
          .max(MAX_WITNESSES)
          .default([]),
      })
      .default({ rfc3161Timestamps: [] }),
  }),
  dsseEnvelope: z.strictObject({
    payload: Bytes,
    payloadType: z.string().max(128),
    signatures: z
      .array(
        z.strictObject({ sig: Bytes.max(MAX_SIGNATURE_LENGTH), keyid: z.literal('').optional() }),
      )
      .length(1),
  }),
});

/** What this lib reads of a log entry, once its form is known. */
export type StrictLogEntry = z.infer<typeof LogEntry>;

/**
 * Reads a bundle in the one way in which it can be read: no field that is unknown, no second
 * spelling of bytes or numbers, nothing beside a signature that nobody signed and no check compares.
 * Otherwise two bundles could differ and both be taken for what was attested.
 *
 * @throws Refusal malformed-bundle
 * Source: sigstore protobuf-specs, sigstore_bundle.proto, version 0.3
 */
export function readBundle(json: unknown): SignedBundle {
  const { success, data, error } = StrictBundle.safeParse(json);
  if (!success) throw new Refusal('malformed-bundle', `bundle is malformed: ${tell(error)}`);
  const { tlogEntries, timestampVerificationData, certificate } = data.verificationMaterial;
  for (const entry of tlogEntries) checkLogEntry(entry);
  for (const { signedTimestamp } of timestampVerificationData.rfc3161Timestamps) {
    checkTimestampResponse(Buffer.from(signedTimestamp, 'base64'));
  }
  return {
    bundle: bundleFromJSON(data),
    certificate: Buffer.from(certificate.rawBytes, 'base64'),
    payloadType: data.dsseEnvelope.payloadType,
    payload: Buffer.from(data.dsseEnvelope.payload, 'base64'),
  };
}

/** The first thing that is wrong; an unknown field's name is the bundle's own text. */
function tell({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'not a bundle';
  const where = issue.path.join('.') || 'bundle';
  if (issue.code === 'unrecognized_keys') return `${where} holds ${quote(issue.keys.join())}`;
  return `${where}: ${issue.code === 'custom' ? issue.message : issue.code.replaceAll('_', ' ')}`;
}
