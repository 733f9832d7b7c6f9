import { quote } from '#libs/encoding';
import { ImageError } from './error.js';

/** Bytes per tar block; headers are one block, content is padded to whole blocks. */
export const BLOCK_BYTES = 512;

/** One header block as it stands, before extended headers have their say. */
export interface TarHeader {
  readonly name: string;
  /** Bytes that follow in the archive, padding not counted. */
  readonly storedBytes: number;
  /** The type flag as a character: `0` file, `5` directory, `S` GNU sparse file, … */
  readonly type: string;
}

/**
 * Decodes a header block of ustar, GNU and pax archives.
 *
 * @throws ImageError NOT_AN_ARCHIVE when magic or checksum are wrong
 * @throws ImageError CORRUPT when a number is none
 * Source: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"
 */
export function decodeHeader(block: Buffer): TarHeader {
  const magic = checkHeader(block);
  const prefix = magic === 'ustar\0' ? tarText(block, 345, 155) : '';
  const name = tarText(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    storedBytes: tarNumber(block, 124, 12),
    type: block[156] === 0 ? '0' : block.toString('latin1', 156, 157),
  };
}

/**
 * Checks a header block's magic and checksum, and returns the magic.
 *
 * @throws ImageError NOT_AN_ARCHIVE when one of them is wrong
 * @throws ImageError CORRUPT when the checksum is no number
 */
export function checkHeader(block: Buffer): string {
  const magic = block.toString('latin1', 257, 263);
  if (magic !== 'ustar\0' && magic !== 'ustar ') {
    throw new ImageError('NOT_AN_ARCHIVE', `tar header has magic ${quote(magic)}, not "ustar"`);
  }
  if (tarNumber(block, 148, 8) !== checksum(block)) {
    throw new ImageError('NOT_AN_ARCHIVE', 'tar header does not match its checksum');
  }
  return magic;
}

/**
 * Reads an octal number of a header field, or a base-256 one where GNU tar had no room for octal.
 *
 * @throws ImageError CORRUPT unless the field holds a safe, non-negative integer
 */
export function tarNumber(block: Buffer, offset: number, length: number): number {
  const field = block.subarray(offset, offset + length);
  const value =
    field[0] === 0x80
      ? BigInt(`0x${field.subarray(1).toString('hex')}`)
      : octal(field.toString('latin1'));
  if (value === null || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ImageError('CORRUPT', `tar header has no number at byte ${offset}`);
  }
  return Number(value);
}

/**
 * Decodes a name as strict UTF-8: two different byte strings never become one name.
 *
 * @throws ImageError BAD_MEMBER_NAME
 */
export function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ImageError('BAD_MEMBER_NAME', 'a member name is not UTF-8', { cause });
  }
}

function octal(field: string): bigint | null {
  const digits = /^ *([0-7]*)[ \0]*$/.exec(field)?.[1];
  return digits === undefined ? null : BigInt(`0o0${digits}`);
}

function tarText(block: Buffer, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return decodeName(end === -1 ? field : field.subarray(0, end));
}

/** The sum that a header block should have, as if its checksum were blanks. */
export function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < BLOCK_BYTES; index += 1) {
    if (index < 148 || index >= 156) sum += block[index] ?? 0;
  }
  return sum;
}
