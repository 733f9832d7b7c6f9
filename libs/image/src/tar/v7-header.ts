import { BLOCK_BYTES, checksum } from '../tar-header.js';
import { type Field, FIELDS } from './header-block.js';

const NUMBERS = [FIELDS.mode, FIELDS.uid, FIELDS.gid, FIELDS.size, FIELDS.mtime, FIELDS.checksum];
const DEVICE_NUMBERS = [FIELDS.deviceMajor, FIELDS.deviceMinor];
const OCTAL = /^ *[0-7]+[ \0]+$/;
const ZEROS = Buffer.alloc(BLOCK_BYTES);
/** File, hard link, symbolic link, directory. */
const TYPES = ['\0', '0', '1', '2', '5'];

/**
 * Tells whether a block is a header of the format before ustar, which has no magic: only one whose checksum
 * is right, whose numbers are octal, and which has nothing where other formats have more fields.
 *
 * Source: GNU tar, `--format=v7`; Version 7 Unix, tar(1)
 */
export function isV7Header(block: Buffer): boolean {
  // Asked of every file there is: nearly all fail here.
  if (block.length < BLOCK_BYTES || block[0] === 0 || block[FIELDS.magic[0]] !== 0) return false;
  return (
    NUMBERS.every((field) => OCTAL.test(text(block, field))) &&
    DEVICE_NUMBERS.every((field) => isZero(block, field) || OCTAL.test(text(block, field))) &&
    TYPES.includes(text(block, FIELDS.type)) &&
    isZero(block, [FIELDS.magic[0], FIELDS.deviceMajor[0] - FIELDS.magic[0]]) &&
    isZero(block, [FIELDS.prefix[0], BLOCK_BYTES - FIELDS.prefix[0]]) &&
    parseInt(text(block, FIELDS.checksum), 8) === checksum(block)
  );
}

function text(block: Buffer, [offset, lengthBytes]: Field): string {
  return block.toString('latin1', offset, offset + lengthBytes);
}

function isZero(block: Buffer, [offset, lengthBytes]: Field): boolean {
  return block.compare(ZEROS, 0, lengthBytes, offset, offset + lengthBytes) === 0;
}
