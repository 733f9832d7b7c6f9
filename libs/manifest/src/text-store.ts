const CHUNK_BYTES = 1024 ** 2;

/**
 * Keeps many texts by number, their UTF-8 one after the other in large buffers. As strings, 100,000 of
 * them are what the collector goes through again and again, and they take twice the memory.
 */
export class TextStore {
  readonly #chunks: Buffer[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #used = CHUNK_BYTES;

  get count(): number {
    return this.#starts.length;
  }

  /** Adds a well-formed text; its number is the {@link count} before. */
  add(text: string): void {
    // A UTF-16 unit has at most three bytes.
    const room = text.length * 3;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#used + room > chunk.length) {
      chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, room));
      this.#chunks.push(chunk);
      this.#used = 0;
    }
    const base = (this.#chunks.length - 1) * PLACES_A_CHUNK;
    this.#starts.push(base + this.#used);
    this.#used += chunk.write(text, this.#used, 'utf8');
    this.#ends.push(base + this.#used);
  }

  /** Copies the bytes of a text to a place, and tells how many they are; none of one not given. */
  copy(index: number, target: Buffer, to: number): number {
    const [start = 0, end = 0] = [this.#starts[index], this.#ends[index]];
    const at = start % PLACES_A_CHUNK;
    const chunk = this.#chunks[Math.floor(start / PLACES_A_CHUNK)];
    return chunk?.copy(target, to, at, at + end - start) ?? 0;
  }

  /** The text of a number; empty for one that was not given. */
  get(index: number): string {
    const [start = 0, end = 0] = [this.#starts[index], this.#ends[index]];
    const chunk = this.#chunks[Math.floor(start / PLACES_A_CHUNK)];
    return (
      chunk?.toString('utf8', start % PLACES_A_CHUNK, end - start + (start % PLACES_A_CHUNK)) ?? ''
    );
  }
}

/** More than any chunk has, so that a place tells its chunk. */
const PLACES_A_CHUNK = 2 ** 26;
