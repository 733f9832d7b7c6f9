/** What can be wrong with what a bundle is to be made of, or with a policy to judge one by. */
export type EvidenceErrorCode = 'INCOMPLETE_SOURCE' | 'LINE_TOO_LONG' | 'MALFORMED_POLICY';

/** The one error of this lib. Bad evidence is never one of these: it is a finding, a value. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  constructor(
    readonly code: EvidenceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
