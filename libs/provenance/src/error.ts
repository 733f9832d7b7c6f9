/**
 * What makes a question about provenance unanswerable; that a bundle proves nothing is an answer,
 * and no error.
 * - `BAD_REQUEST`: commit, path, digest or policy are not of their form
 * - `BAD_TRUSTED_ROOT`: the trusted root cannot be read whole, or demands nothing
 * - `TOO_LARGE`: more was given than is looked at
 */
export type ProvenanceErrorCode = 'BAD_REQUEST' | 'BAD_TRUSTED_ROOT' | 'TOO_LARGE';

/** The one error of this lib; `code` is closed, `message` says what was found and what to do. */
export class ProvenanceError extends Error {
  override readonly name = 'ProvenanceError';
  constructor(
    readonly code: ProvenanceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
