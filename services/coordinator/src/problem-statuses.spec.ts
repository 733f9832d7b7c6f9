import { describe, expect, test } from 'vitest';
import type { AttestationErrorCode } from '#libs/attestation';
import type { ConsensusErrorCode } from '#libs/consensus';
import type { TrustErrorCode } from '#libs/contracts';
import type { EncodingErrorCode } from '#libs/encoding';
import type { NnsErrorCode } from '#libs/nns';
import type { PersistenceErrorCode } from '#libs/persistence';
import { PROBLEM_STATUSES } from './problem-statuses.js';

// The compiler refuses a table that misses a code; null stands for a code that has no status on purpose.
const NNS: Readonly<Record<NnsErrorCode, number>> = {
  INVALID_ARGUMENT: 400,
  NO_SUCH_PROPOSAL: 404,
  NOT_IC_OS: 422,
  PAYLOAD_BLANKED: 422,
  MALFORMED_PAYLOAD: 422,
  UNREACHABLE: 502,
  UNCERTIFIED: 502,
  CERTIFICATE_OUTDATED: 502,
  REJECTED: 502,
  MALFORMED_ANSWER: 502,
};
const CONSENSUS: Readonly<Record<ConsensusErrorCode, number | null>> = {
  BAD_THRESHOLD: 400,
  FORBIDDEN_TRANSITION: 409,
  THRESHOLD_TOO_LOW: 422,
  THRESHOLD_OUT_OF_REACH: 422,
  // The roster file's faults go out as roster-unusable.
  DUPLICATE_BUILDER: null,
  DUPLICATE_OPERATOR: null,
};
const ENCODING: Readonly<Record<EncodingErrorCode, number | null>> = {
  NOT_A_COMMIT: 400,
  // Requests are read by schemas: where these arise, what is stored or received is at fault.
  NOT_BASE64: null,
  NOT_HEX: null,
  NOT_SHA256: null,
  NOT_CANONICALIZABLE: null,
};
// Builders submit over NATS: over HTTP these can only mean that the database was altered.
const ATTESTATION: Readonly<Record<AttestationErrorCode, null>> = {
  BAD_KEY: null,
  NON_CANONICAL_KEY: null,
  SMALL_ORDER_KEY: null,
  TORSIONED_KEY: null,
  SHARED_KEY: null,
  BAD_PROOF: null,
  UNKNOWN_KEY: null,
  EXPIRED_KEY: null,
  ROTATED_KEY: null,
  REVOKED_KEY: null,
  BAD_SIGNATURE: null,
  MALFORMED_ENVELOPE: null,
  MALFORMED_STATEMENT: null,
  WRONG_BUILDER: null,
  WRONG_OPERATOR: null,
  WRONG_SUBJECT: null,
  WRONG_RELEASE: null,
  WRONG_ROUND: null,
  WRONG_KIND: null,
  NO_ARMOR: null,
};
const PERSISTENCE: Readonly<Record<PersistenceErrorCode, number | null>> = {
  COPY_UNUSABLE: null,
  // Not the caller's fault, and not for ever: whoever asks later finds it mended.
  ARCHIVED: 410,
  LOG_BEHIND: 503,
  LOG_CORRUPT: 503,
  LOG_NOT_EMPTY: null,
  NOT_IN_LOG: null,
};
const TRUST: Readonly<Record<TrustErrorCode, number>> = {
  OPERATOR_NOT_ASKED: 422,
  NOT_RECOUNTABLE: 409,
};
const all = { ...TRUST, ...NNS, ...CONSENSUS, ...ENCODING, ...ATTESTATION, ...PERSISTENCE };

describe('the table of statuses', () => {
  test.each(Object.entries(all))('%s: %s', (code, status) => {
    expect(PROBLEM_STATUSES[code] ?? null).toBe(status);
  });

  test('has no row for a code that no lib knows', () => {
    expect(Object.keys(PROBLEM_STATUSES).filter((code) => !(code in all))).toEqual([]);
  });

  test('blames the caller for no fault of governance, and governance for none of the caller', () => {
    const faults = ['UNREACHABLE', 'UNCERTIFIED', 'CERTIFICATE_OUTDATED', 'MALFORMED_ANSWER'];
    for (const code of faults) expect(PROBLEM_STATUSES[code]).toBeGreaterThanOrEqual(500);
    for (const [code, status] of Object.entries(CONSENSUS)) {
      if (status !== null) expect(PROBLEM_STATUSES[code]).toBeLessThan(500);
    }
  });
});
