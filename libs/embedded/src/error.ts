/** What can keep a server of this lib from running. */
export type EmbeddedErrorCode =
  | 'UNSUPPORTED_PLATFORM'
  | 'NOT_INSTALLED'
  | 'NO_UNPRIVILEGED_USER'
  | 'BAD_DATA_DIR'
  | 'ALREADY_RUNNING'
  | 'INIT_FAILED'
  | 'START_FAILED';

/**
 * The one error of this lib. The message says what was found and, wherever a command would help,
 * names that command.
 */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
  constructor(
    readonly code: EmbeddedErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Tells whether an error is the file system's word for "no such file". */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
