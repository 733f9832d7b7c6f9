import type { Claims } from '../claims.js';
import { crc32c } from '../crc32c.js';
import { runsOf } from '../runs.js';
import type { Volume } from '../volume.js';
import type { Residue } from './residue.js';

const JOURNAL_INODE_AT = 0xe0;
const UUID_AT = 0x68;
/** Of the journal's own header, whose numbers are big-endian. */
const MAGIC = 0xc03b3998;
const HEADER_BYTES = 1024;
const JOURNAL_UUID = { at: 0x30, length: 16 };
const CHECKSUM = { at: 0xfc, length: 4 };
const CHECKSUM_TYPE_AT = 0x50;
const CRC32C = 4;

/**
 * Accounts for the header of a journal within the filesystem: it repeats the filesystem's UUID. The
 * journal's other blocks are as nobody's.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED
 * Source: Linux, Documentation/filesystems/ext4, "Journal (jbd2)"
 */
export function feedJournalHeader(volume: Volume, claims: Claims, residue: Residue): void {
  const { bytes: superblock, features } = volume.superblock;
  if (!features.has('has_journal')) return;
  const number = superblock.readUInt32LE(JOURNAL_INODE_AT);
  // A journal on a device of its own has none.
  if (number === 0) return;
  const [logical, block] = runsOf(volume, volume.inode(number)).triples;
  if (logical !== 0 || block === undefined) return;
  claims.claim(block, 1, 'the journal');
  const bytes = Buffer.from(volume.block(block));
  if (bytes.readUInt32BE(0) === MAGIC) maskHeader(bytes, superblock, residue);
  residue.rest.add('jour', block, bytes);
}

function maskHeader(bytes: Buffer, superblock: Buffer, residue: Residue): void {
  if (bytes[CHECKSUM_TYPE_AT] === CRC32C) {
    const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
    header.fill(0, CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
    const stored = Buffer.alloc(4);
    stored.writeUInt32BE(crc32c(0xffffffff, header));
    residue.settle('sumJ', 0, bytes, CHECKSUM, stored.readUInt32LE());
  }
  const { at, length } = JOURNAL_UUID;
  const isTold = bytes.compare(superblock, UUID_AT, UUID_AT + length, at, at + length) === 0;
  if (isTold) bytes.fill(0, at, at + length);
  else residue.keep('uuiJ', 0, bytes, JOURNAL_UUID);
}
