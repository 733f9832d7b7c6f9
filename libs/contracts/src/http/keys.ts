import { z } from 'zod';
import { Envelope, Id, KeySet, Operator, RevocationReason, Sha256Text } from '#libs/attestation';
import { LoggedAttestation } from './http.js';

/** Characters of a payload: a record has three keys and four proofs, in a few thousand. */
const PAYLOAD_LIMIT = 32_768;

/** An operator's signed record about a builder's keys. */
export const SubmittedKey = Envelope.refine(({ payload }) => payload.length <= PAYLOAD_LIMIT, {
  message: `a key record has at most ${PAYLOAD_LIMIT} characters of payload`,
});

/** A key record that is in the log for good. Submitted again it is answered the same. */
export const KeyLogged = z.object({
  index: z.number().int(),
  envelopeSha256: Sha256Text,
  /** A C2SP tlog-proof. */
  proof: z.string(),
});
export type KeyLogged = z.infer<typeof KeyLogged>;

/** A page of key records, in log order. */
export const KeyRecords = z.object({
  records: z.array(LoggedAttestation),
  /** Pass as `after` for the next page; null at the end. */
  next: z.number().int().nullable(),
});
export type KeyRecords = z.infer<typeof KeyRecords>;

/** How a builder's newest keys stand now. The log decides; this only reads it out. */
export const BuilderKeys = z.object({
  builder: Id,
  operator: Operator,
  /** `unknown` before the period of validity begins. Only `active` keys are invited. */
  state: z.enum(['unknown', 'active', 'expired', 'revoked']),
  keys: KeySet,
  /** Log index of the enrolment or rotation that brought these keys. */
  keyIndex: z.number().int(),
  validFrom: z.string(),
  validUntil: z.string(),
  revocation: z
    .object({
      logIndex: z.number().int(),
      reason: RevocationReason,
      since: z.string(),
      sinceIndex: z.number().int().optional(),
    })
    .nullable(),
  /** Log indices of the builder's enrolment and of every rotation since. */
  history: z.array(z.number().int()),
});
export type BuilderKeys = z.infer<typeof BuilderKeys>;
