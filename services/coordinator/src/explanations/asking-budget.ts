import { QuestionFailed } from './question-failed.js';

/** Bytes that all answers about one round may have together, at one look. */
const MAX_BYTES = 96 * 1024 ** 2;

/**
 * How much one look at a round may ask of its builders: until when, and how many bytes they may
 * answer. Builders are strangers, and there are many rounds.
 */
export class AskingBudget {
  /** Aborted once time is up, or the service stops. */
  readonly signal: AbortSignal;
  private readonly endsAt: number;

  constructor(
    ends: AbortSignal,
    timeMs: number,
    private leftBytes: number = MAX_BYTES,
    private readonly whole: AskingBudget | null = null,
  ) {
    this.signal = AbortSignal.any([ends, AbortSignal.timeout(Math.ceil(timeMs))]);
    this.endsAt = performance.now() + timeMs;
  }

  /** Whether nothing further may be asked. */
  get isOver(): boolean {
    return this.signal.aborted || this.leftBytes < 0;
  }

  /**
   * Gives one of so many parts of what is left, so that a builder that drips its answers, or pads
   * them, takes nothing from the others. What a part leaves is left for the next ones.
   */
  share(parts: number): AskingBudget {
    const timeMs = Math.max(0, this.endsAt - performance.now()) / Math.max(1, parts);
    const bytes = Math.floor(this.leftBytes / Math.max(1, parts));
    return new AskingBudget(this.signal, timeMs, bytes, this);
  }

  /** @throws QuestionFailed once time is up, all bytes came, or the service stops */
  requireLeft(): void {
    if (this.isOver) throw new QuestionFailed(true, 'there is no time left for questions');
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

  /** @throws QuestionFailed once more came than may be taken in now; later there may be room for it */
  spend(sizeBytes: number): void {
    this.take(sizeBytes);
    if (this.leftBytes < 0) {
      throw new QuestionFailed(true, 'builders sent more bytes than there is room for at one look');
    }
  }

  private take(sizeBytes: number): void {
    this.leftBytes -= sizeBytes;
    this.whole?.take(sizeBytes);
  }
}
