import { createHash, type Hash } from 'node:crypto';
import type { Sha256 } from '#libs/encoding';

/** So many names are hashed at once. */
const MAX_WAITING = 512;
const MAX_WAITING_BYTES = 16 * 1024;

/** The `order` of members that stand by their names' bytes. */
export const SORTED = 'sorted';

/**
 * Takes the names of members in the order in which they are stored, and tells that order in one
 * value: `sorted` where each name is greater than the one before, by bytes, else a digest over the
 * names. So two sorted archives are alike in their order even if one has a member more.
 */
export class OrderDigest {
  #hash: Hash | null = null;
  /** Names that are not hashed yet: most directories have few, and are never hashed where sorted. */
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #last: Buffer | null = null;
  #isSorted = true;

  /** Adds the next name: its bytes, or the text whose UTF-8 they are. */
  add(name: Uint8Array | string): void {
    const bytes = Buffer.from(name);
    this.#isSorted &&= this.#last === null || Buffer.compare(this.#last, bytes) < 0;
    this.#last = bytes;
    // The length stands before, so that no name can pass for two.
    this.#waiting.push(Buffer.from(`${bytes.length.toString()}:`), bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES || this.#waiting.length > MAX_WAITING) this.#flush();
  }

  /** Ends it; nothing may be added after. */
  value(): Sha256 | typeof SORTED {
    return this.#isSorted ? SORTED : (this.#flush().digest('hex') as Sha256);
  }

  #flush(): Hash {
    this.#hash ??= createHash('sha256').update('repro-quorum/order/v1\n');
    this.#hash.update(Buffer.concat(this.#waiting));
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    return this.#hash;
  }
}
