import type { SingleRun } from './single-run.js';

/** Files that are to come, by their first block: in numbers, so that the collector has none to visit. */
export class WaitingRuns {
  readonly #places = new Map<number, number>();
  #numbers = new Float64Array(2048);
  #count = 0;

  /** How many were ever added. */
  get count(): number {
    return this.#count;
  }

  /** How many are still to come. */
  get size(): number {
    return this.#places.size;
  }

  /** First blocks. */
  blocks(): Iterable<number> {
    return this.#places.keys();
  }

  has(block: number): boolean {
    return this.#places.has(block);
  }

  /** Adds one, unless another begins at the same block. */
  add({ inode, first, sizeBytes }: SingleRun): void {
    if (this.#places.has(first)) return;
    const at = this.#count * 2;
    if (at === this.#numbers.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[at] = inode;
    this.#numbers[at + 1] = sizeBytes;
    this.#places.set(first, at);
    this.#count += 1;
  }

  /** Takes the one that begins at a block, if any does. */
  take(block: number): SingleRun | null {
    const at = this.#places.get(block);
    if (at === undefined) return null;
    this.#places.delete(block);
    return {
      inode: this.#numbers[at] ?? 0,
      first: block,
      sizeBytes: this.#numbers[at + 1] ?? 0,
    };
  }
}
