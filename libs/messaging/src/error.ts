/** Why a message was not published. */
export type MessagingErrorCode =
  /** No stream keeps what is sent to this subject. */
  | 'NO_STREAM'
  /** The stream did not take it, for now at least: it may be full. */
  | 'REFUSED'
  /** It is larger than the stream or the server takes at all: sent again, it is refused again. */
  | 'TOO_LARGE'
  /** The stream's word did not come in time, or the connection was closed: it may have taken it. */
  | 'NO_ANSWER';

/** A message that is not known to be kept. */
export class MessagingError extends Error {
  override readonly name = 'MessagingError';

  constructor(
    readonly code: MessagingErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
