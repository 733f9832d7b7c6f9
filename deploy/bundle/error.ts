/** Why no bundle was made. */
export type BundleErrorCode = 'INCOMPLETE' | 'UNKNOWN_CODE' | 'NO_LICENSE' | 'TOO_LARGE';

/** An error of the bundler. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  constructor(
    readonly code: BundleErrorCode,
    message: string,
  ) {
    super(message);
  }
}
