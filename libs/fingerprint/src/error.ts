/** What can be wrong with facts, or with how they are to be protected. */
export type FingerprintErrorCode = 'BAD_SALT' | 'UNKNOWN_FACT' | 'WRONG_KIND';

/**
 * The one error of this lib; `code` is closed. A fact that cannot be read is never one of these: it
 * is `null`.
 */
export class FingerprintError extends Error {
  override readonly name = 'FingerprintError';
  constructor(
    readonly code: FingerprintErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
