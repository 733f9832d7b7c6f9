import type { X509Certificate } from 'node:crypto';
import { VerificationError, type toSignedEntity } from '@sigstore/verify';
import { quote } from '#libs/encoding';
import { Refusal, type RefusalCode } from './refusal.js';
import type { TrustedRoot } from './trusted-root.js';
import { witnessTimes } from './witness.js';

/** What was being verified when it failed. */
export interface Circumstances {
  readonly root: TrustedRoot;
  readonly certificate: X509Certificate;
  readonly entity: ReturnType<typeof toSignedEntity> | undefined;
}

/** Names the reason of a bundle that is refused already; nothing here can let it through. */
export function explain(error: unknown, circumstances: Circumstances): Refusal {
  const cause = { cause: error };
  // What is thrown besides is a reader that stumbled over a form it did not expect.
  if (!(error instanceof VerificationError)) {
    return new Refusal('malformed-bundle', 'signatures cannot be read', cause);
  }
  const code = toRefusalCode(error, circumstances);
  return new Refusal(code, `${MESSAGES[code]}: ${quote(error.message)}`, cause);
}

const MESSAGES = {
  'malformed-bundle': 'signatures cannot be read',
  'no-trusted-time': 'no trusted authority says when it was signed',
  'expired-certificate': 'certificate was not valid when it was signed',
  'not-in-certificate-log': 'certificate is in no trusted certificate log',
  'not-in-log': 'no trusted transparency log holds this envelope',
  'bad-signature': 'envelope is not signed by its certificate',
} as const satisfies Partial<Record<RefusalCode, string>>;

function toRefusalCode(
  { code }: VerificationError,
  { root, certificate, entity }: Circumstances,
): keyof typeof MESSAGES {
  switch (code) {
    case 'TIMESTAMP_ERROR':
      return 'no-trusted-time';
    case 'CERTIFICATE_ERROR':
      return entity !== undefined && isInTime(root, certificate, witnessTimes(entity))
        ? 'not-in-certificate-log'
        : 'expired-certificate';
    case 'TLOG_ERROR':
    case 'TLOG_INCLUSION_PROOF_ERROR':
    case 'TLOG_INCLUSION_PROMISE_ERROR':
    case 'TLOG_MISSING_INCLUSION_ERROR':
    case 'TLOG_BODY_ERROR':
      return 'not-in-log';
    case 'SIGNATURE_ERROR':
      return 'bad-signature';
    case 'PUBLIC_KEY_ERROR':
    case 'NOT_IMPLEMENTED_ERROR':
      return 'malformed-bundle';
  }
}

function isInTime(
  { material }: TrustedRoot,
  { validFromDate, validToDate }: X509Certificate,
  times: readonly Date[],
): boolean {
  const isIn = (at: Date, start: Date, end: Date): boolean => start <= at && at <= end;
  return times.every(
    (at) =>
      isIn(at, validFromDate, validToDate) &&
      material.certificateAuthorities.some(
        ({ validFor, certChain }) =>
          isIn(at, validFor.start, validFor.end) && certChain.every((ca) => ca.validForDate(at)),
      ),
  );
}
