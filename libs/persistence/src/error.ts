/** What storage can refuse. */
export type PersistenceErrorCode = 'LOG_CORRUPT' | 'NOT_IN_LOG';

/** The one error of this lib. LOG_CORRUPT is fatal: a log that is not sure of itself stops. */
export class PersistenceError extends Error {
  override readonly name = 'PersistenceError';
  constructor(
    readonly code: PersistenceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
