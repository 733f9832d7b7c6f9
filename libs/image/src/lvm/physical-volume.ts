import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Attributes, valueText } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import { RestDigest } from '../rest-digest.js';

/** A range of the volume, in bytes. */
export interface Area {
  readonly start: number;
  readonly lengthBytes: number;
}

/** What the header of a physical volume of LVM2 says. */
export interface PhysicalVolume {
  readonly attributes: Attributes;
  /** Where logical volumes lie; which of them where, only the metadata's text says. */
  readonly data: readonly Area[];
}

const SECTOR_BYTES = 512;
const LABEL_SECTORS = 4;
const SUM_SEED = 0xf597a6cf;
/** One or two of each are all that exist. */
const MAX_AREAS = 16;
const MAX_TEXT_BYTES = 4 * 1024 ** 2;
const METADATA_MAGIC = ' LVM2 x[5A%r0N*>';

/**
 * Reads the header of a physical volume: its UUID and sizes, who made it and when, and digests of its
 * metadata and of all bytes that no data area has.
 *
 * @throws ImageError CORRUPT for a wrong checksum, and for areas that overlap or leave the volume
 * Source: LVM2, lib/format_text/layout.h and lib/label/label.h
 */
export function readPhysicalVolume(source: ByteSource): PhysicalVolume {
  const head = Buffer.from(source.read(0, LABEL_SECTORS * SECTOR_BYTES));
  const sector = [0, 1, 2, 3].find((at) => {
    return head.toString('latin1', at * SECTOR_BYTES, at * SECTOR_BYTES + 8) === 'LABELONE';
  });
  if (sector === undefined) throw corrupt('has no label');
  const label = head.subarray(sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
  const sum = ~crc32(label.subarray(20), ~SUM_SEED >>> 0) >>> 0;
  const at = label.readUInt32LE(20);
  const isWhole = label.readUInt32LE(16) === sum && label.readBigUInt64LE(8) === BigInt(sector);
  if (!isWhole) throw corrupt('has a label of another checksum');
  if (at < 32 || at + 40 > SECTOR_BYTES) throw corrupt('has a header outside its label');
  const data = readAreas(label, at + 40);
  const metadata = readAreas(label, data.end);
  const sized = data.areas.map(({ start, lengthBytes }) => ({
    start,
    // The last data area goes on to the end.
    lengthBytes: lengthBytes === 0 ? source.sizeBytes - start : lengthBytes,
  }));
  checkAreas(source, [...sized, ...metadata.areas]);
  const rest = restOf(source, label, sector, sized);
  return {
    attributes: {
      'label-sector': sector,
      uuid: valueText(label.subarray(at, at + 32)),
      'device-size': label.readBigUInt64LE(at + 32).toString(),
      header: createHash('sha256').update(untold(label, at)).digest('hex'),
      ...metadataAttributes(source, metadata.areas),
      ...(rest !== null && { rest }),
    },
    data: sized,
  };
}

/** The label without what is told: its checksum, UUID and device size. */
function untold(label: Buffer, at: number): Buffer {
  const left = Buffer.from(label);
  left.fill(0, 16, 20);
  return left.fill(0, at, at + 40);
}

function readAreas(label: Buffer, from: number): { areas: Area[]; end: number } {
  const areas: Area[] = [];
  for (let at = from; at + 16 <= label.length; at += 16) {
    const [start, length] = [label.readBigUInt64LE(at), label.readBigUInt64LE(at + 8)];
    if (start === 0n && length === 0n) return { areas, end: at + 16 };
    if (areas.length >= MAX_AREAS) break;
    areas.push({ start: Number(start), lengthBytes: Number(length) });
  }
  throw corrupt('has a list of areas without an end');
}

function checkAreas(source: ByteSource, areas: readonly Area[]): void {
  let end = LABEL_SECTORS * SECTOR_BYTES;
  for (const { start, lengthBytes } of areas.toSorted((a, b) => a.start - b.start)) {
    if (start < end || lengthBytes <= 0) throw corrupt('has areas that overlap');
    end = start + lengthBytes;
    if (end > source.sizeBytes) throw corrupt('has an area that leaves it');
  }
}

/** Digest of all outside the label and the data areas; metadata areas count as well. */
function restOf(
  source: ByteSource,
  label: Buffer,
  sector: number,
  data: readonly Area[],
): string | null {
  const rest = new RestDigest();
  let end = 0;
  const used = [{ start: sector * SECTOR_BYTES, lengthBytes: label.length }, ...data];
  for (const { start, lengthBytes } of used.toSorted((a, b) => a.start - b.start)) {
    rest.add(source, end, start - end);
    end = start + lengthBytes;
  }
  rest.add(source, end, source.sizeBytes - end);
  return rest.value();
}

/** What the newest metadata text tells of who made the volume group; the text's digest beside it. */
function metadataAttributes(source: ByteSource, [area]: readonly Area[]): Attributes {
  if (area === undefined || area.lengthBytes < SECTOR_BYTES) return {};
  const header = Buffer.from(source.read(area.start, SECTOR_BYTES));
  if (header.toString('latin1', 4, 20) !== METADATA_MAGIC) return {};
  const [offset, size] = [header.readBigUInt64LE(40), header.readBigUInt64LE(48)];
  const isWithin = offset + size <= BigInt(area.lengthBytes) && size <= BigInt(MAX_TEXT_BYTES);
  // A text that goes round the end of its area counts as a part of `rest` alone.
  if (size === 0n || !isWithin) return {};
  const bytes = Buffer.from(source.read(area.start + Number(offset), Number(size)));
  const text = bytes.toString('latin1');
  const attributes: Record<string, string> = {
    metadata: createHash('sha256').update(bytes).digest('hex'),
  };
  const facts = {
    group: /^(\S+) \{/,
    host: /^creation_host = "([^"\n]*)"/m,
    created: /^creation_time = (\d+)/m,
  };
  for (const [name, pattern] of Object.entries(facts)) {
    const value = pattern.exec(text)?.[1];
    if (value !== undefined) attributes[name] = valueText(Buffer.from(value, 'latin1'));
  }
  return attributes;
}

function corrupt(why: string): ImageError {
  return new ImageError('CORRUPT', `the physical volume ${why}`);
}
