/** What can be wrong with a proof, a note, a checkpoint or a question to the tree. */
export type TlogErrorCode =
  | 'AMBIGUOUS_KEY'
  | 'BAD_PROOF'
  | 'BAD_SIGNATURE'
  | 'MALFORMED_CHECKPOINT'
  | 'MALFORMED_COSIGNATURE'
  | 'MALFORMED_ENTRY'
  | 'MALFORMED_ENTRY_BUNDLE'
  | 'MALFORMED_HASH'
  | 'MALFORMED_KEY'
  | 'MALFORMED_NOTE'
  | 'MALFORMED_POLICY'
  | 'MALFORMED_PROOF_FILE'
  | 'MALFORMED_REQUEST'
  | 'MALFORMED_RESPONSE'
  | 'MALFORMED_TILE'
  | 'MALFORMED_TILE_PATH'
  | 'MISSING_NODE'
  | 'NOT_SIGNED_BY_LOG'
  | 'NO_KNOWN_SIGNATURE'
  | 'OUT_OF_RANGE'
  | 'TOO_LARGE'
  | 'UNSUPPORTED_KEY'
  | 'WRONG_ORIGIN';

/** The one error of this lib; `code` is closed, `message` says what was found and expected. */
export class TlogError extends Error {
  override readonly name = 'TlogError';
  constructor(
    readonly code: TlogErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
