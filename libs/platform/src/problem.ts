import { HttpStatus } from '@nestjs/common';

/** An error that a request caused, as it goes out over HTTP. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** What the answer says besides, such as how to sign in, or when to come again. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    readonly status: HttpStatus,
    /** Kebab case; becomes the last segment of the problem's type. */
    readonly code: string,
    message: string,
    options: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options);
    this.headers = options.headers ?? {};
  }
}

/** Translates the typed errors of the libs: error code to HTTP status. */
export type StatusTable = Readonly<Record<string, HttpStatus>>;
