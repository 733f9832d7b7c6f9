/** What can go wrong while the world outside is set up; its planned faults are no errors. */
export type WorldErrorCode =
  | 'COMMAND_FAILED'
  | 'BUILD_FAILED'
  | 'MALFORMED_CUT'
  | 'NO_SUCH_ARTIFACT'
  | 'NO_SUCH_STATE'
  | 'NO_LOCALE'
  | 'NO_PROJECT_ROOT'
  | 'NOTHING_TO_TAMPER';

/** The one error of the outside world; `code` is closed. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
  constructor(
    readonly code: WorldErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
