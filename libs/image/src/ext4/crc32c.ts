const POLYNOMIAL = 0x82f63b78;
const TABLES = makeTables();

/** Eight tables, so that eight bytes are taken at a time: inode tables are tens of megabytes. */
function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? POLYNOMIAL : 0);
    tables[byte] = rest;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const before = tables[index - 256] ?? 0;
    tables[index] = (before >>> 8) ^ (tables[before & 0xff] ?? 0);
  }
  return tables;
}

/**
 * Goes on with a CRC-32C over more bytes, without the inversion at its end: ext4 keeps it so.
 *
 * Source: RFC 3720 appendix B.4
 */
export function crc32c(seed: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  const T = TABLES;
  let crc = seed | 0;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    crc ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    crc =
      (T[1792 + (crc & 0xff)] ?? 0) ^
      (T[1536 + ((crc >>> 8) & 0xff)] ?? 0) ^
      (T[1280 + ((crc >>> 16) & 0xff)] ?? 0) ^
      (T[1024 + (crc >>> 24)] ?? 0) ^
      (T[768 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (T[512 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (T[256 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (T[bytes[at + 7] ?? 0] ?? 0);
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ (T[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return crc >>> 0;
}

/** The same over one little-endian number of 32 bits. */
export function crc32cOfNumber(seed: number, value: number): number {
  let crc = seed | 0;
  for (let shift = 0; shift < 32; shift += 8) {
    crc = (crc >>> 8) ^ (TABLES[(crc ^ (value >>> shift)) & 0xff] ?? 0);
  }
  return crc >>> 0;
}
