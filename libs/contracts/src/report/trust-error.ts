/** What can be wrong with whom a reader trusts, or with the report that is to be counted by it. */
export type TrustErrorCode = 'OPERATOR_NOT_ASKED' | 'NOT_RECOUNTABLE';

/** A trust set that says nothing about a report; `code` is closed. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
  constructor(
    readonly code: TrustErrorCode,
    message: string,
  ) {
    super(message);
  }
}
