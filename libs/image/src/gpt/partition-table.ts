import { crc32 } from 'node:zlib';
import GPT from 'gpt';
import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';

/** A partition; places in bytes from the disk's start. */
export interface Partition {
  /** Counted from 1, as in `/dev/sda1`. */
  readonly number: number;
  readonly type: string;
  readonly guid: string;
  readonly label: string;
  readonly flags: bigint;
  readonly start: number;
  readonly lengthBytes: number;
  /** First and last sector. */
  readonly first: number;
  readonly last: number;
  /** Where its entry lies in the table. */
  readonly entry: Buffer;
}

/** The primary table of a disk, checked. */
export interface PartitionTable {
  readonly sectorBytes: number;
  readonly header: GPT;
  readonly headerBytes: Buffer;
  readonly tableStart: number;
  readonly table: Buffer;
  readonly partitions: readonly Partition[];
}

const MIN_ENTRY_BYTES = 128;
const MAX_ENTRY_BYTES = 4096;
/** 128 entries of 128 bytes are what everybody writes. */
const MAX_TABLE_BYTES = 1024 ** 2;
const MIN_HEADER_BYTES = 92;

/**
 * Reads the GUID partition table of a disk.
 *
 * The package `gpt` decodes header and entries; all that a hostile table could say is checked here
 * before and after, as the package counts, allocates and trusts whatever stands there.
 *
 * @throws ImageError CORRUPT for wrong checksums, for counts, sizes and places that do not fit, and
 * for partitions that overlap one another or the table; UNSUPPORTED for sizes that nobody writes
 * Source: UEFI specification 2.10, section 5.3
 */
export function readPartitionTable(disk: ByteSource): PartitionTable {
  const sectorBytes = sectorBytesOf(disk);
  const sector = Buffer.from(disk.read(sectorBytes, sectorBytes));
  const header = new GPT().parseHeader(sector);
  if (header.headerSize < MIN_HEADER_BYTES || header.headerSize > sectorBytes) {
    throw corrupt(`has a header of ${header.headerSize} bytes`);
  }
  const summed = Buffer.from(sector.subarray(0, header.headerSize));
  summed.writeUInt32LE(0, 16);
  if (crc32(summed) !== header.headerChecksum) throw corrupt('has a header of another checksum');
  const { entries, entrySize } = header;
  if (entrySize < MIN_ENTRY_BYTES || entrySize % 8 !== 0 || entries === 0) {
    throw corrupt(`has ${entries} entries of ${entrySize} bytes`);
  }
  if (entries * entrySize > MAX_TABLE_BYTES || entrySize > MAX_ENTRY_BYTES) {
    throw new ImageError(
      'UNSUPPORTED',
      `a partition table is larger than ${MAX_TABLE_BYTES} bytes`,
    );
  }
  const sectors = BigInt(Math.floor(disk.sizeBytes / sectorBytes));
  if (header.currentLBA !== 1n || header.tableOffset < 2n || header.tableOffset >= sectors) {
    throw corrupt('lies somewhere else than it says');
  }
  const tableStart = Number(header.tableOffset) * sectorBytes;
  const table = Buffer.from(disk.read(tableStart, entries * entrySize));
  if (crc32(table) !== header.tableChecksum) throw corrupt('has entries of another checksum');
  const partitions = readEntries(table, header, sectorBytes, sectors);
  refuseOverlaps(partitions, tableStart + table.length);
  return { sectorBytes, header, headerBytes: sector, tableStart, table, partitions };
}

function sectorBytesOf(disk: ByteSource): number {
  for (const bytes of [512, 4096]) {
    const isHere =
      disk.sizeBytes >= bytes * 2 && disk.read(bytes, 8).equals(Buffer.from('EFI PART'));
    if (isHere) return bytes;
  }
  throw corrupt('is not there');
}

function readEntries(
  table: Buffer,
  header: GPT,
  sectorBytes: number,
  sectors: bigint,
): Partition[] {
  const partitions: Partition[] = [];
  for (let slot = 0; slot < header.entries; slot += 1) {
    const entry = table.subarray(slot * header.entrySize, (slot + 1) * header.entrySize);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) continue;
    const { type, guid, name, firstLBA, lastLBA, attr } = GPT.PartitionEntry.parse(entry, 0);
    if (firstLBA < 2n || lastLBA < firstLBA || lastLBA >= sectors) {
      throw corrupt(`has partition ${slot + 1} outside the disk`);
    }
    const [first, last] = [Number(firstLBA), Number(lastLBA)];
    partitions.push({
      ...{ number: slot + 1, type, guid, label: name, flags: attr, first, last, entry },
      start: first * sectorBytes,
      lengthBytes: (last - first + 1) * sectorBytes,
    });
  }
  return partitions;
}

function refuseOverlaps(partitions: readonly Partition[], tableEnd: number): void {
  let end = tableEnd;
  for (const { number, start, lengthBytes } of partitions.toSorted((a, b) => a.start - b.start)) {
    if (start < end) throw corrupt(`has partition ${number} over another one, or over the table`);
    end = start + lengthBytes;
  }
}

function corrupt(why: string): ImageError {
  return new ImageError('CORRUPT', `the partition table ${why}`);
}
