import { createHash } from 'node:crypto';
import type { Sha256 } from '#libs/encoding';

/** The `order` of members that stand by their names' bytes. */
export const SORTED = 'sorted';

/**
 * Takes the names of members in the order in which they are stored, and tells that order in one
 * value: `sorted` where each name is greater than the one before, by bytes, else a digest over the
 * names. So two sorted archives are alike in their order even if one has a member more.
 */
export class OrderDigest {
  readonly #hash = createHash('sha256').update('repro-quorum/order/v1\n');
  #last: Buffer | null = null;
  #isSorted = true;

  /** Adds the next name: its bytes, or the text whose UTF-8 they are. */
  add(name: Uint8Array | string): void {
    const bytes = Buffer.from(name);
    this.#isSorted &&= this.#last === null || Buffer.compare(this.#last, bytes) < 0;
    this.#last = bytes;
    // The length stands before, so that no name can pass for two.
    this.#hash.update(`${bytes.length.toString()}:`).update(bytes);
  }

  /** Ends it; nothing may be added after. */
  value(): Sha256 | typeof SORTED {
    return this.#isSorted ? SORTED : (this.#hash.digest('hex') as Sha256);
  }
}
