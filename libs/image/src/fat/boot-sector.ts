import type { ByteSource } from '../byte-source.js';
import { isFat } from '../recognise.js';
import { malformed } from './malformed.js';

/** What a filesystem's first sector says of its shape; sizes in bytes, places from its start. */
export interface FatShape {
  /** Bits of one entry of the table of clusters. */
  readonly bits: 12 | 16 | 32;
  readonly sectorBytes: number;
  readonly clusterBytes: number;
  readonly sizeBytes: number;
  readonly reservedBytes: number;
  readonly tables: number;
  readonly tableBytes: number;
  /** The root directory, where it has a place of its own; empty for FAT32. */
  readonly rootStart: number;
  readonly rootBytes: number;
  /** First cluster of the root directory; 0 where it has a place of its own. */
  readonly rootCluster: number;
  /** Where cluster 2 lies; there are no clusters 0 and 1. */
  readonly dataStart: number;
  /** Clusters that hold data. */
  readonly clusters: number;
}

/** The table is kept in memory: 32 MiB for so many, which is an EFI partition of 32 GiB. */
const MAX_CLUSTERS = 8 * 1024 ** 2;
/** Source: Microsoft FAT specification, "FAT Type Determination" */
const MIN_CLUSTERS_16 = 4085;
const MIN_CLUSTERS_32 = 65_525;

/**
 * Reads the shape of a filesystem, and refuses one whose parts do not fit.
 *
 * @throws ImageError MALFORMED_FILESYSTEM
 * Source: Microsoft FAT specification, "Boot Sector and BPB"
 */
export function readShape(source: ByteSource): FatShape {
  const sector = source.read(0, 512);
  if (!isFat(sector)) throw malformed('has no boot sector');
  const sectorBytes = sector.readUInt16LE(11);
  const clusterBytes = sector.readUInt8(13) * sectorBytes;
  const reservedBytes = sector.readUInt16LE(14) * sectorBytes;
  const tables = sector.readUInt8(16);
  const sectors = sector.readUInt16LE(19) || sector.readUInt32LE(32);
  const isFat32 = sector.readUInt16LE(22) === 0;
  const tableBytes = (sector.readUInt16LE(22) || sector.readUInt32LE(36)) * sectorBytes;
  const rootStart = reservedBytes + tables * tableBytes;
  const rootBytes = sector.readUInt16LE(17) * 32;
  const dataStart = rootStart + Math.ceil(rootBytes / sectorBytes) * sectorBytes;
  const sizeBytes = sectors * sectorBytes;
  const clusters = Math.floor((sizeBytes - dataStart) / clusterBytes);
  const bits = clusters < MIN_CLUSTERS_16 ? 12 : clusters < MIN_CLUSTERS_32 ? 16 : 32;
  if (sizeBytes > source.sizeBytes) throw malformed('is larger than what holds it');
  if (!(clusters >= 1) || clusters > MAX_CLUSTERS) throw malformed(`has ${clusters} clusters`);
  if (tableBytes * 8 < (clusters + 2) * (isFat32 ? 32 : bits)) {
    throw malformed('has a table that is too short for its clusters');
  }
  if (isFat32 && rootBytes > 0) throw malformed('has two root directories');
  return {
    // mkfs.fat makes FAT32 with fewer clusters when told to, and everybody reads it so.
    bits: isFat32 ? 32 : bits === 32 ? 16 : bits,
    ...{ sectorBytes, clusterBytes, sizeBytes, reservedBytes, tables, tableBytes },
    ...{ rootStart, rootBytes, dataStart, clusters },
    rootCluster: isFat32 ? sector.readUInt32LE(44) : 0,
  };
}
