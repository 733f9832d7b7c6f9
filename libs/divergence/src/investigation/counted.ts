import type { Location } from '#libs/manifest';
import type { ByteAsker, Chunks, MaskedBytes } from './byte-asker.js';

/** Counts what one side is asked, and what it answers. */
export class Counted implements ByteAsker {
  questions = 0;
  sentBytes = 0;
  /** Whether a question went without an answer. */
  hasFailed = false;

  constructor(private readonly asker: ByteAsker) {}

  async chunks(
    location: Location,
    chunkBytes: number,
    first: number,
    count: number,
  ): Promise<Chunks> {
    this.questions += 1;
    const chunks = await this.noting(this.asker.chunks(location, chunkBytes, first, count));
    this.sentBytes += 64 * chunks.digests.length;
    return chunks;
  }

  async bytes(location: Location, offset: number, length: number): Promise<MaskedBytes> {
    this.questions += 1;
    const answer = await this.noting(this.asker.bytes(location, offset, length));
    this.sentBytes += answer.bytes.length;
    return answer;
  }

  private async noting<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }
}
