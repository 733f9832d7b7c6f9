import { type Attributes, valueText } from '#libs/manifest';
import type { ByteSource } from './byte-source.js';
import { ImageError } from './error.js';

const FLAGS = { text: 0x01, check: 0x02, extra: 0x04, name: 0x08, comment: 0x10 };
const MAX_HEADER_BYTES = 66 * 1024;

/**
 * Reads the header of a gzip file: `mtime`, `xfl` (2 for the best level, 4 for the fastest), `os`, and
 * the name, where there is one.
 *
 * @throws ImageError CORRUPT
 * Source: RFC 1952 section 2.3
 */
export function gzipAttributes(source: ByteSource): Attributes {
  const bytes = Buffer.from(source.read(0, Math.min(source.sizeBytes, MAX_HEADER_BYTES)));
  if (bytes.length < 18 || bytes[2] !== 8) {
    throw new ImageError('CORRUPT', 'a gzip file has no whole header of method 8');
  }
  const flags = bytes.readUInt8(3);
  const extraBytes = (flags & FLAGS.extra) === 0 ? 0 : 2 + bytes.readUInt16LE(10);
  const name = (flags & FLAGS.name) === 0 ? null : bytes.subarray(10 + extraBytes);
  const end = name?.indexOf(0) ?? 0;
  if (end === -1) throw new ImageError('CORRUPT', 'a gzip header has a name without an end');
  return {
    mtime: bytes.readUInt32LE(4),
    xfl: bytes.readUInt8(8),
    os: bytes.readUInt8(9),
    flags,
    ...(name !== null && { name: valueText(name.subarray(0, end)) }),
  };
}
