import { createHash, type Hash } from 'node:crypto';
import type { ByteSource } from './byte-source.js';

const PIECE_BYTES = 4096;
const ZEROS = Buffer.alloc(PIECE_BYTES);

/**
 * Digest over bytes that belong to no member: gaps, free space, what is left behind the end of a file.
 * Only pieces that are not zeros count, each with its place, so that zeros of any length cost nothing.
 */
export class RestDigest {
  #hash: Hash | null = null;

  /** Adds a range of a source; `place` is where it lies, when that is not its offset. */
  add(source: ByteSource, offset: number, lengthBytes: number, place = offset): void {
    for (let at = 0; at < lengthBytes;) {
      const wanted = Math.min(lengthBytes - at, 64 * PIECE_BYTES);
      const bytes = source.read(offset + at, wanted);
      for (let from = 0; from < wanted; from += PIECE_BYTES) {
        this.note(place + at + from, bytes.subarray(from, Math.min(wanted, from + PIECE_BYTES)));
      }
      at += wanted;
    }
  }

  /** Adds at most 4 KiB at a place. */
  note(place: number | string, bytes: Buffer): void {
    if (bytes.compare(ZEROS, 0, Math.min(bytes.length, PIECE_BYTES)) === 0) return;
    this.#hash ??= createHash('sha256').update('repro-quorum/rest/v1\n');
    this.#hash.update(`${place} ${bytes.length}\n`).update(bytes);
  }

  /** The digest; null where all was zeros. */
  value(): string | null {
    return this.#hash?.digest('hex') ?? null;
  }
}
