import { ImageError, type ImageErrorCode } from '../error.js';

/** The code of a reader's refusal; throws on what is none. */
export function refusalOf(error: unknown): ImageErrorCode {
  // Numbers of an image may lead out of a buffer where a reader forgot to ask: that is no crash.
  if (error instanceof RangeError) return 'CORRUPT';
  // What the disk under the spool says is not of this part.
  if (error instanceof ImageError && error.code !== 'NOT_READABLE') return error.code;
  throw error;
}
