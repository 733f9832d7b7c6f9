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

  /** @throws QuestionFailed once more came than this look may take in */
  spend(sizeBytes: number): void {
    this.left -= sizeBytes;
    if (this.left < 0) {
      throw new QuestionFailed(false, `builders sent more than ${MAX_BYTES} bytes about one round`);
    }
  }
}
