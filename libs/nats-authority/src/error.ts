/** What keeps accounts of builders from being made or cut off. */
export type NatsAuthorityErrorCode =
  /** The folder's seed is missing, no seed, or open to others. */
  | 'BAD_FOLDER'
  /** No builder is named so. */
  | 'BAD_BUILDER'
  /** Not the public key of a NATS user. */
  | 'BAD_KEY'
  /** The server did not take an account. */
  | 'REFUSED'
  /** The server said nothing in time: it may have taken it. */
  | 'NO_ANSWER';

/** The one error of this lib; `code` is closed, `message` says what was found and what to do. */
export class NatsAuthorityError extends Error {
  override readonly name = 'NatsAuthorityError';

  constructor(
    readonly code: NatsAuthorityErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
