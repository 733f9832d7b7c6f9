import type { ByteWindow, Excerpt } from '../difference.js';

/** Bytes of each side that are shown, at most. */
const MOST_BYTES = 256;
const ROW_BYTES = 16;
/** Rows before the first byte that differs. */
const ROWS_BEFORE = 2;

/** Cuts what is shown of an excerpt around the byte at `first` in it, in whole rows of 16 bytes. */
export function byteWindow({ offset, left, right }: Excerpt, first: number): ByteWindow {
  const at = offset + first;
  const row = at - (at % ROW_BYTES) - ROWS_BEFORE * ROW_BYTES;
  const start = Math.max(0, row - offset);
  const hex = (bytes: Uint8Array): string =>
    Buffer.from(bytes.subarray(start, start + MOST_BYTES)).toString('hex');
  return { offset: offset + start, left: hex(left), right: hex(right) };
}
