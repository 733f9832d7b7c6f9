/** What can be wrong with an ask. */
export type SelectionErrorCode = 'BAD_ASK';

/** The one error of this lib. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
  constructor(
    readonly code: SelectionErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
