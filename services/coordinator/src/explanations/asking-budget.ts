import { QuestionFailed } from './question-failed.js';

/** Bytes that all answers about one round may have together, at one look. */
const MAX_BYTES = 96 * 1024 ** 2;

/**
 * How much one look at a round may ask of its builders: until when, and how many bytes they may
 * answer. Builders are strangers, and there are many rounds.
 */
export class AskingBudget {
  private left = MAX_BYTES;

  constructor(readonly signal: AbortSignal) {}

  /** @throws QuestionFailed once time is up, or the service stops */
  requireTime(): void {
    if (this.signal.aborted) throw new QuestionFailed(true, 'there is no time left for questions');
  }

  /**
   * Waits for an answer, but no longer than there is time: a service that stops waits for nobody.
   *
   * @throws QuestionFailed, or what the answer rejects with
   */
  async within<T>(answer: Promise<T>): Promise<T> {
    let stop = (): void => undefined;
    const over = new Promise<never>((_, reject) => {
      stop = () => {
        reject(new QuestionFailed(true, 'there is no time left for answers'));
      };
      this.signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([answer, over]);
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
  }

  /** @throws QuestionFailed once more came than this look may take in */
  spend(sizeBytes: number): void {
    this.left -= sizeBytes;
    if (this.left < 0) {
      throw new QuestionFailed(false, `builders sent more than ${MAX_BYTES} bytes about one round`);
    }
  }
}
