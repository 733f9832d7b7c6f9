import { HttpStatus } from '@nestjs/common';

/** An error that a request caused, as it goes out over HTTP. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly status: HttpStatus,
    /** Kebab case; becomes the last segment of the problem's type. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Translates the typed errors of the libs: error code to HTTP status. */
export type StatusTable = Readonly<Record<string, HttpStatus>>;
