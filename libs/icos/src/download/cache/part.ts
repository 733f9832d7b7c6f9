import type { Sha256 } from '#libs/encoding';
import type { Origin } from './cache-record.js';

/** What comes of a part that has become whole. */
export interface Finished {
  readonly sha256: Sha256;
  /** Where it lies; null for one that only passed by. */
  readonly file: string | null;
}

/** What a download grows in. */
export interface Part {
  readonly sizeBytes: number;
  /** Which bytes these are; null while there are none, or they cannot be asked for again. */
  readonly origin: Origin | null;
  /** Whether it takes room on the disk. */
  readonly isKept: boolean;
  /** Begins again with no bytes; without an origin they are for this attempt only. */
  begin(origin: Origin | null): Promise<void>;
  /** Adds bytes. What fails behind the caller's back, a later call throws. */
  append(chunk: Buffer): Promise<void>;
  /** Sees to it that another run can go on from here, where that is possible. */
  settle(): Promise<void>;
  /** Makes it the whole file of its URL. */
  finish(): Promise<Finished>;
  /** Removes the bytes, unless they are the whole file by now; what is left to do is to close. */
  discard(): Promise<void>;
  close(): Promise<void>;
}
