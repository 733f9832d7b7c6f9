/**
 * What can go wrong between a proposal id and a decision that somebody may rely on.
 * - `INVALID_ARGUMENT`: the caller's configuration or question is out of bounds
 * - `UNREACHABLE`: no replica answered in time, or one answered with an HTTP error; no sign of an attack
 * - `UNCERTIFIED`: an answer, or kept evidence, does not prove what it says under the root key
 * - `CERTIFICATE_OUTDATED`: the proof's time and this machine's clock are over 5 minutes apart
 * - `REJECTED`: the canister, or the replica before it, refused the request
 * - `NO_SUCH_PROPOSAL`: it is certified that governance does not know the proposal (any more)
 * - `NOT_IC_OS`: the proposal neither elects nor deploys an IC-OS version
 * - `PAYLOAD_BLANKED`: the payload comes from a listing, which blanks large ones
 * - `MALFORMED_PAYLOAD`: the payload is not what its NNS function takes
 * - `MALFORMED_ANSWER`: a proven answer does not fit the known interface
 */
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
