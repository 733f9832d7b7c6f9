/** What storage can refuse. */
export type PersistenceErrorCode =
  'ARCHIVED' | 'COPY_UNUSABLE' | 'LOG_BEHIND' | 'LOG_CORRUPT' | 'LOG_NOT_EMPTY' | 'NOT_IN_LOG';

/**
 * The one error of this lib. LOG_CORRUPT and LOG_BEHIND are fatal: a log that is not sure of itself,
 * or of which somebody was shown more than is stored, stops.
 */
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
