import type { ContentSink } from '../content-sink.js';
import { type Budget, TURN_BYTES } from './budget.js';

/**
 * Keeps what comes behind a hole that is too long to be hashed at once, until somebody can wait. Whoever
 * walks an archive cannot: of one block it may be told gigabytes.
 *
 * Bounds: memory for what came since it was last given on.
 */
export class WaitingContent implements ContentSink {
  /** Bytes, or the length of a hole. */
  #parts: (Buffer | number)[] = [];

  data(bytes: Buffer): void {
    this.#parts.push(Buffer.from(bytes));
  }

  hole(lengthBytes: number): void {
    this.#parts.push(lengthBytes);
  }

  /** Gives all on, holes in pieces. @throws ImageError as {@link Budget.checkOn} */
  async giveTo(sink: ContentSink, budget: Budget): Promise<void> {
    const parts = this.#parts;
    this.#parts = [];
    for (const part of parts) {
      if (typeof part !== 'number') {
        sink.data(part);
        continue;
      }
      for (let left = part; left > 0;) {
        const piece = Math.min(left, TURN_BYTES);
        if (!budget.mayGoOn(piece)) {
          await budget.giveTurn();
          continue;
        }
        sink.hole(piece);
        left -= piece;
      }
    }
  }
}
