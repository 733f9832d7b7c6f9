/** Why a message was not published, or a question not answered. */
export type MessagingErrorCode =
  /** This is not where a NATS server is. */
  | 'BAD_URL'
  /** This file names no certificate authority. */
  | 'BAD_CA_FILE'
  /** No stream keeps what is sent to this subject. */
  | 'NO_STREAM'
  /** The stream did not take it, for now at least: it may be full. */
  | 'REFUSED'
  /** It is larger than the stream or the server takes at all: sent again, it is refused again. */
  | 'TOO_LARGE'
  /** The stream's word did not come in time, or the connection was closed: it may have taken it. */
  | 'NO_ANSWER'
  /** Nobody listens who could answer. */
  | 'AWAY';

/** A message that is not known to be kept or read. */
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
