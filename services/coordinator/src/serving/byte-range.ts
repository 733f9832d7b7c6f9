/** Bytes of an answer from `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header for an answer of `size` bytes. Null where the whole is to be sent: without one,
 * of another unit, malformed, or for several pieces. `beyond` where no byte of it is there.
 *
 * Source: RFC 9110 sections 14.1.2 and 14.2
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'beyond' | null {
  const [, from, to] =
    /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return null;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'beyond' : { start: size - length, end: size };
  }
  const start = Number(from);
  const last = to === '' ? size - 1 : Number(to);
  if (last < start && to !== '') return null;
  return start >= size ? 'beyond' : { start, end: Math.min(last + 1, size) };
}
