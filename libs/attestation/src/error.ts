/** What can be wrong with a key, an envelope or a statement. */
export type AttestationErrorCode =
  | 'BAD_KEY'
  | 'NON_CANONICAL_KEY'
  | 'SMALL_ORDER_KEY'
  | 'TORSIONED_KEY'
  | 'SHARED_KEY'
  | 'BAD_PROOF'
  | 'UNKNOWN_KEY'
  | 'EXPIRED_KEY'
  | 'ROTATED_KEY'
  | 'REVOKED_KEY'
  | 'BAD_SIGNATURE'
  | 'MALFORMED_ENVELOPE'
  | 'MALFORMED_STATEMENT'
  | 'WRONG_BUILDER'
  | 'WRONG_OPERATOR'
  | 'WRONG_SUBJECT'
  | 'WRONG_RELEASE'
  | 'WRONG_ROUND'
  | 'WRONG_KIND'
  | 'NO_ARMOR';

/** The one error of this lib. */
export class AttestationError extends Error {
  override readonly name = 'AttestationError';
  constructor(
    readonly code: AttestationErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
