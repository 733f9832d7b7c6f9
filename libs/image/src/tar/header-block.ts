import { quote } from '#libs/encoding';
import { ImageError } from '../error.js';

/** Where the fields of a header block lie: offset and length in bytes. */
export const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  target: [157, 100],
  magic: [257, 8],
  user: [265, 32],
  group: [297, 32],
  deviceMajor: [329, 8],
  deviceMinor: [337, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [number, number]>;

export type Field = readonly [offset: number, lengthBytes: number];

/** The bytes of a text field, up to its first NUL. */
export function headerText(block: Buffer, [offset, lengthBytes]: Field): Buffer {
  const field = block.subarray(offset, offset + lengthBytes);
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}

/**
 * Reads a number: octal text, or two's complement in base 256 where GNU tar had no room for octal.
 *
 * @throws ImageError CORRUPT when it is neither
 * Source: GNU tar manual, "Basic Tar Format"
 */
export function headerNumber(block: Buffer, [offset, lengthBytes]: Field): bigint {
  const field = block.subarray(offset, offset + lengthBytes);
  const first = field[0] ?? 0;
  if (first >= 0x80) {
    const bits = BigInt(lengthBytes * 8);
    const value = BigInt(`0x${field.toString('hex')}`);
    return first >= 0xc0 ? value - (1n << bits) : value - (1n << (bits - 1n));
  }
  const digits = /^ *([0-7]*)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  if (digits === undefined) {
    throw new ImageError(
      'CORRUPT',
      `tar header has no number at byte ${offset}: ${quote(field.toString('latin1'))}`,
    );
  }
  return BigInt(`0o0${digits}`);
}
