import { createHash, type Hash, hash } from 'node:crypto';
import type { Sha256 } from '#libs/encoding';
import { hashZeros } from '../../hash-zeros.js';

/** Hashes one file of which the bytes come one after the other. */
export class FileHash {
  #hash: Hash | null = null;
  #leftBytes: number;

  constructor(sizeBytes: number) {
    this.#leftBytes = sizeBytes;
  }

  /** Takes the next bytes of it, no more than are left; gives its digest with the last of them. */
  data(bytes: Buffer): Sha256 | null {
    this.#leftBytes -= bytes.length;
    // Most files are small, and come whole.
    if (this.#hash === null && this.#leftBytes === 0) return hash('sha256', bytes) as Sha256;
    this.#hash ??= createHash('sha256');
    this.#hash.update(bytes);
    return this.#end();
  }

  /** The same for zeros that nobody stores. */
  hole(lengthBytes: number): Sha256 | null {
    this.#hash ??= createHash('sha256');
    this.#leftBytes -= lengthBytes;
    hashZeros(this.#hash, lengthBytes);
    return this.#end();
  }

  #end(): Sha256 | null {
    return this.#leftBytes === 0 ? ((this.#hash?.digest('hex') ?? null) as Sha256 | null) : null;
  }
}
