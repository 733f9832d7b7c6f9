/** What can be wrong with a manifest, or with what somebody sends as a part of one. */
export type ManifestErrorCode =
  'BAD_NODE' | 'MALFORMED_PAGE' | 'OTHER_VERSION' | 'WRONG_DIGEST' | 'REPEATED_PATH' | 'TOO_LARGE';

/** The one error of this lib; `code` is closed, `message` says what was found and expected. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  constructor(
    readonly code: ManifestErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
