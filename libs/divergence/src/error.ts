/** What can be wrong with what is to be explained, or with what a side answers when it is walked. */
export type DivergenceErrorCode =
  'BAD_FACTS' | 'BAD_CLUSTERS' | 'TOO_LARGE' | 'MISSING_PAGE' | 'BAD_PAGE' | 'OTHER_VERSION';

/** What an error of this lib can hold beside its cause. */
export interface DivergenceErrorOptions extends ErrorOptions {
  readonly side?: 'left' | 'right';
}

/** The one error of this lib; `code` is closed, `message` says what was found and expected. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  /** Which of two walked sides did not keep its word; null where no side is to blame. */
  readonly side: 'left' | 'right' | null;

  constructor(
    readonly code: DivergenceErrorCode,
    message: string,
    options?: DivergenceErrorOptions,
  ) {
    super(message, options);
    this.side = options?.side ?? null;
  }
}
