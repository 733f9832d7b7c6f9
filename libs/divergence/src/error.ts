/** What can be wrong with what is to be explained. */
export type DivergenceErrorCode = 'BAD_FACTS' | 'BAD_CLUSTERS' | 'TOO_LARGE';

/** The one error of this lib; `code` is closed, `message` says what was found and expected. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  constructor(
    readonly code: DivergenceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
