/** What can go wrong between a commit id and the digests of what was built and published. */
export type IcosErrorCode =
  // Names and tables
  | 'MALFORMED_NAME'
  | 'UNKNOWN_ARTIFACT'
  | 'UNSUPPORTED_COMMIT'
  | 'MALFORMED_ERAS'
  // Published files
  | 'MALFORMED_SUMS'
  | 'SUMS_CONFLICT'
  | 'NO_SUCH_SUM'
  | 'MALFORMED_MEASUREMENTS'
  // Downloads
  | 'MALFORMED_ALLOW_LIST'
  | 'URL_NOT_ALLOWED'
  | 'PRIVATE_ADDRESS'
  | 'TOO_MANY_REDIRECTS'
  | 'HTTP_REFUSED'
  | 'HTTP_UNAVAILABLE'
  | 'BAD_RESPONSE'
  | 'TRUNCATED_DOWNLOAD'
  | 'TOO_LARGE'
  | 'STALLED'
  | 'NETWORK'
  | 'OUT_OF_SPACE'
  | 'CACHE_FAILED'
  // Source and build
  | 'SOURCE_UNAVAILABLE'
  | 'DIRTY_TREE'
  | 'GIT_FAILED'
  | 'NOT_STARTED'
  | 'BAD_BUILD_USER'
  | 'FORBIDDEN_VARIABLE'
  // Outputs
  | 'OUTPUT_MISSING'
  | 'OUTPUT_TRUNCATED'
  | 'NOT_READABLE'
  | 'INTERRUPTED';

/** The one error of this lib; `code` is closed, `message` says what was found and expected. */
export class IcosError extends Error {
  override readonly name = 'IcosError';
  constructor(
    readonly code: IcosErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Turns the abort of a signal into the one error that says so. */
export function interrupted(signal: AbortSignal): IcosError {
  return new IcosError('INTERRUPTED', 'interrupted before the end', { cause: signal.reason });
}
