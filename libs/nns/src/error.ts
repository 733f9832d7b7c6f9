/** What can go wrong between a proposal id and a decision that somebody may rely on. */
export type NnsErrorCode =
  | 'INVALID_ARGUMENT'
  | 'UNREACHABLE'
  | 'UNCERTIFIED'
  | 'CERTIFICATE_OUTDATED'
  | 'REJECTED'
  | 'NO_SUCH_PROPOSAL'
  | 'NOT_IC_OS'
  | 'PAYLOAD_BLANKED'
  | 'MALFORMED_PAYLOAD'
  | 'MALFORMED_ANSWER';

/** The one error of this lib; `code` is closed, `message` says what was found and what to do. */
export class NnsError extends Error {
  override readonly name = 'NnsError';
  constructor(
    readonly code: NnsErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Makes the error of a payload that is not what its NNS function takes. */
export function malformedPayload(problem: string, cause?: unknown): NnsError {
  return new NnsError(
    'MALFORMED_PAYLOAD',
    `payload is malformed: ${problem}`,
    cause === undefined ? {} : { cause },
  );
}
