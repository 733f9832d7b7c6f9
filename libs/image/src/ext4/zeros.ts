const ZEROS = Buffer.alloc(1024 ** 2);

/** Tells whether all bytes of a part are zero; of at most 1 MiB. */
export function isZero(bytes: Buffer, start = 0, end = bytes.length): boolean {
  return end <= start || bytes.compare(ZEROS, 0, end - start, start, end) === 0;
}
