/** What can be wrong with the rules or the roster that a tally is asked to use. */
export type ConsensusErrorCode =
  | 'BAD_THRESHOLD'
  | 'THRESHOLD_TOO_LOW'
  | 'THRESHOLD_OUT_OF_REACH'
  | 'DUPLICATE_BUILDER'
  | 'DUPLICATE_OPERATOR'
  | 'FORBIDDEN_TRANSITION';

/** The one error of this lib. A split is never one of these: it is a verdict, a value. */
export class ConsensusError extends Error {
  override readonly name = 'ConsensusError';
  constructor(
    readonly code: ConsensusErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
