import { createHash } from 'node:crypto';
import { type Attributes, valueText } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import { RestDigest } from '../rest-digest.js';
import { compareBackup, type DiskRange } from './backup-table.js';
import type { Partition, PartitionTable } from './partition-table.js';

const LABEL = { at: 56, bytes: 72 };

/** Attributes of a disk: its table's header, the boot sector, and a digest of all outside partitions. */
export function diskAttributes(disk: ByteSource, table: PartitionTable): Attributes {
  const { header, sectorBytes } = table;
  const backup = compareBackup(disk, table);
  const rest = new RestDigest();
  for (const { start, lengthBytes } of gaps(disk.sizeBytes, table, backup.ranges)) {
    rest.add(disk, start, lengthBytes);
  }
  const left = rest.value();
  return {
    'disk-guid': header.guid,
    header: headerDigest(table),
    'boot-sector': createHash('sha256').update(disk.read(0, sectorBytes)).digest('hex'),
    'sector-size': sectorBytes,
    'first-usable': header.firstLBA.toString(),
    'last-usable': header.lastLBA.toString(),
    'table-entries': header.entries,
    'backup-at': header.backupLBA.toString(),
    backup: backup.says,
    ...(left !== null && { rest: left }),
  };
}

/** Attributes of one partition, as its entry has them. */
export function partitionAttributes(partition: Partition): Attributes {
  const { entry, first, flags, guid, label, last, lengthBytes, type } = partition;
  // What of the name's field follows its end, and what an entry of more than 128 bytes has.
  const tail = Buffer.from(entry.subarray(LABEL.at));
  tail.fill(0, 0, Math.min(Buffer.byteLength(label, 'utf16le'), LABEL.bytes));
  const rest = new RestDigest();
  rest.note('entry', tail);
  const left = rest.value();
  return {
    ...{ type, guid, first, last, size: lengthBytes },
    label: valueText(Buffer.from(label)),
    flags: flags.toString(16),
    // Text cannot tell a lone surrogate: then its bytes do.
    ...(!label.isWellFormed() && { 'label-bytes': entry.toString('hex', LABEL.at, 128) }),
    ...(left !== null && { rest: left }),
  };
}

/** Digest of what of the header no attribute tells; checksums follow from the others. */
function headerDigest({ headerBytes }: PartitionTable): string {
  const left = Buffer.from(headerBytes);
  const told = [
    [16, 20],
    [32, 72],
    [80, 84],
    [88, 92],
  ] as const;
  for (const [from, to] of told) left.fill(0, from, to);
  return createHash('sha256').update(left).digest('hex');
}

/** Ranges that neither the table, nor its copy, nor a partition has. */
function gaps(
  sizeBytes: number,
  { sectorBytes, tableStart, table, partitions }: PartitionTable,
  backup: readonly DiskRange[],
): DiskRange[] {
  const used: DiskRange[] = [
    { start: 0, lengthBytes: 2 * sectorBytes },
    { start: tableStart, lengthBytes: table.length },
    ...partitions,
    ...backup,
  ];
  const free: DiskRange[] = [];
  let end = 0;
  for (const { start, lengthBytes } of used.toSorted((a, b) => a.start - b.start)) {
    if (start > end) free.push({ start: end, lengthBytes: start - end });
    end = Math.max(end, start + lengthBytes);
  }
  if (sizeBytes > end) free.push({ start: end, lengthBytes: sizeBytes - end });
  return free;
}
