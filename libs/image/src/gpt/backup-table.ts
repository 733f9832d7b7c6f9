import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ByteSource } from '../byte-source.js';
import type { PartitionTable } from './partition-table.js';

/** A range of the disk, in bytes. */
export interface DiskRange {
  readonly start: number;
  readonly lengthBytes: number;
}

/** The copy at the disk's end, and where it lies. */
export interface BackupTable {
  /** `same` where it says what the primary table says; `absent`; else a digest of it. */
  readonly says: string;
  readonly ranges: readonly DiskRange[];
}

/** Holds the copy of header and table, which should be at the disk's end, against the primary ones. */
export function compareBackup(disk: ByteSource, primary: PartitionTable): BackupTable {
  const { sectorBytes, header, table, headerBytes } = primary;
  const place = Number(header.backupLBA) * sectorBytes;
  const tablePlace = place - Math.ceil(table.length / sectorBytes) * sectorBytes;
  const usedEnd = Math.max(
    primary.tableStart + table.length,
    ...primary.partitions.map(({ start, lengthBytes }) => start + lengthBytes),
  );
  // A table that lies over others is read as a part of those.
  if (tablePlace < usedEnd || place + sectorBytes > disk.sizeBytes) {
    return { says: 'absent', ranges: [] };
  }
  const copy = Buffer.from(disk.read(place, sectorBytes));
  const copiedTable = Buffer.from(disk.read(tablePlace, table.length));
  const expected = Buffer.from(headerBytes);
  expected.writeBigUInt64LE(header.backupLBA, 24);
  expected.writeBigUInt64LE(header.currentLBA, 32);
  expected.writeBigUInt64LE(BigInt(tablePlace / sectorBytes), 72);
  expected.writeUInt32LE(0, 16);
  expected.writeUInt32LE(crc32(expected.subarray(0, header.headerSize)), 16);
  const isSame = copy.equals(expected) && copiedTable.equals(table);
  return {
    says: isSame ? 'same' : createHash('sha256').update(copiedTable).update(copy).digest('hex'),
    ranges: [
      { start: tablePlace, lengthBytes: table.length },
      { start: place, lengthBytes: sectorBytes },
    ],
  };
}
