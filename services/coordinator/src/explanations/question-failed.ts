/** A builder did not answer a question about what it built. */
export class QuestionFailed extends Error {
  override readonly name = 'QuestionFailed';
  constructor(
    /** Whether it may answer later: it is away or busy, rather than without what was asked for. */
    readonly isPassing: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
