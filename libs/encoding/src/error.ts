/** What can be wrong with a text that should encode bytes or a value that should become JSON. */
export type EncodingErrorCode =
  'NOT_BASE64' | 'NOT_HEX' | 'NOT_SHA256' | 'NOT_A_COMMIT' | 'NOT_CANONICALIZABLE';

/** The one error of this lib; `code` is closed, `message` says what was found and expected. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
  constructor(
    readonly code: EncodingErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Quotes a hostile text for an error message: at most 80 characters, control characters escaped. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
