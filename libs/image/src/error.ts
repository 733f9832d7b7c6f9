/** What can be wrong with an archive or image, or what of it cannot be read. */
export type ImageErrorCode =
  | 'NOT_READABLE'
  | 'NOT_AN_ARCHIVE'
  | 'TRUNCATED'
  | 'CORRUPT'
  | 'BAD_MEMBER_NAME'
  | 'MEMBER_MISSING'
  | 'MEMBER_REPEATED'
  | 'MEMBER_EMPTY'
  | 'TOO_LARGE'
  | 'TOO_MANY_MEMBERS'
  | 'MALFORMED_FILESYSTEM'
  | 'UNSUPPORTED'
  | 'INTERRUPTED';

/** The one error of this lib; `code` is closed, `message` says what was found and expected. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  constructor(
    readonly code: ImageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
