import type { StoredXattr, XattrRegion } from '../xattrs.js';
import { blockXattrs } from '../xattrs.js';
import type { Claims } from '../claims.js';
import type { Volume } from '../volume.js';
import type { Residue } from './residue.js';

const HASH_IN_ENTRY_AT = 12;
const NAME_IN_ENTRY_AT = 16;
const HASH_IN_HEADER_AT = 12;
const CHECKSUM_IN_HEADER_AT = 16;

/**
 * Zeroes in place what the members tell of the attributes in a region: names and values, and the hashes
 * that follow from these. How they are laid out stays. Of the one that goes on with a small file's
 * bytes the members tell `inlineBytes`.
 */
export function maskXattrs(
  { bytes, entries }: XattrRegion,
  tag: string,
  place: number,
  residue: Residue,
  inlineBytes = 0,
): void {
  for (const entry of entries) {
    const at = entry.entryAt + HASH_IN_ENTRY_AT;
    residue.settle(tag, place, bytes, { at, length: 4 }, entryHash(bytes, entry));
  }
  for (const { valueInode, valueAt, valueBytes, isInlineData } of entries) {
    // What is stored in an inode of its own is no byte of this region.
    if (valueInode !== 0) continue;
    bytes.fill(
      0,
      valueAt,
      valueAt + (isInlineData ? Math.min(inlineBytes, valueBytes) : valueBytes),
    );
  }
  for (const { entryAt, name } of entries) {
    bytes.fill(0, entryAt + NAME_IN_ENTRY_AT, entryAt + NAME_IN_ENTRY_AT + name.length);
  }
}

/**
 * Accounts for a block of attributes, and claims it. Inodes with the same attributes share one.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 */
export function feedXattrBlock(
  volume: Volume,
  block: number,
  claims: Claims,
  residue: Residue,
): void {
  claims.claim(block, 1, 'a block of attributes');
  const { bytes: stored, entries } = blockXattrs(volume, block);
  const bytes = Buffer.from(stored);
  if (residue.checksums.isKept) {
    const field = { at: CHECKSUM_IN_HEADER_AT, length: 4 };
    const found = bytes.readUInt32LE(field.at);
    bytes.writeUInt32LE(0, field.at);
    const expected = residue.checksums.xattrBlock(block, bytes);
    bytes.writeUInt32LE(found, field.at);
    residue.settle('sumX', block, bytes, field, expected);
  }
  const hash = { at: HASH_IN_HEADER_AT, length: 4 };
  residue.settle('hshX', block, bytes, hash, headerHash(bytes, entries));
  maskXattrs({ bytes, entries }, 'hshX', block, residue);
  residue.layout.add('xatt', block, bytes);
}

function rotate(hash: number, bits: number): number {
  return (hash << bits) ^ (hash >>> (32 - bits));
}

function entryHash(bytes: Buffer, { name, valueAt, valueBytes, valueInode }: StoredXattr): number {
  let hash = 0;
  for (const byte of name) hash = rotate(hash, 5) ^ byte;
  if (valueInode !== 0) return hash >>> 0;
  for (let at = valueAt; at < valueAt + valueBytes; at += 4) {
    // The last word is filled up with zeros, which are there, but for a value that lies oddly.
    if (at + 4 <= bytes.length) hash = rotate(hash, 16) ^ bytes.readInt32LE(at);
  }
  return hash >>> 0;
}

function headerHash(bytes: Buffer, entries: readonly StoredXattr[]): number {
  let hash = 0;
  for (const { entryAt } of entries) {
    const own = bytes.readUInt32LE(entryAt + HASH_IN_ENTRY_AT);
    // One that has none, and so no block: it is not to be shared.
    if (own === 0) return 0;
    hash = rotate(hash, 16) ^ own;
  }
  return hash >>> 0;
}
