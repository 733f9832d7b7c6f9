import type { Location } from '#libs/manifest';
import type { Mask } from '../difference.js';

/** Digests of consecutive pieces of a file. */
export interface Chunks {
  /** Of the whole file. */
  readonly sizeBytes: number;
  /** Fewer than were asked for where the file ends. */
  readonly digests: readonly string[];
}

/** Bytes of a file, fewer than were asked for where it ends. */
export interface MaskedBytes {
  readonly bytes: Uint8Array;
  /** Private values that were replaced by a filler; offsets are those within `bytes`. */
  readonly masks: readonly Mask[];
}

/**
 * One side's bytes. Both functions MAY reject, as where the builder is gone: the difference is then
 * told without its bytes. They MUST keep to the amounts asked for, and MUST end within a time of
 * their own.
 */
export interface ByteAsker {
  /** Pieces `first`, `first + 1`, … of `chunkBytes` bytes each, at most 1024 of them. */
  chunks(location: Location, chunkBytes: number, first: number, count: number): Promise<Chunks>;
  /** At most 16,384 bytes from `offset` on. */
  bytes(location: Location, offset: number, length: number): Promise<MaskedBytes>;
}
