import type { Hash } from 'node:crypto';

const ZEROS = Buffer.alloc(1024 ** 2);

/** Adds zeros that nobody stores. */
export function hashZeros(hash: Hash, lengthBytes: number): void {
  for (let left = lengthBytes; left > 0; left -= ZEROS.length) {
    hash.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
  }
}
