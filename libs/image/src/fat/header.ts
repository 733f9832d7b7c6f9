import { createHash } from 'node:crypto';
import { type Attributes, valueText } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import type { FatShape } from './boot-sector.js';

/** Reserved sectors are mostly empty; what is far larger is no boot code. */
const MAX_RESERVED_BYTES = 16 * 1024 ** 2;

/** Attributes of the sectors before the table: identity, shape, counts, and a digest of the others. */
export function headerAttributes(source: ByteSource, shape: FatShape): Attributes {
  const bytes = Buffer.from(source.read(0, Math.min(shape.reservedBytes, MAX_RESERVED_BYTES)));
  const is32 = shape.bits === 32;
  const at = is32 ? { id: 67, label: 71 } : { id: 39, label: 43 };
  const told: Attributes = {
    type: `FAT${shape.bits}`,
    'oem-name': trimmed(bytes.subarray(3, 11)),
    'volume-id': bytes.readUInt32LE(at.id).toString(16).padStart(8, '0'),
    'boot-label': trimmed(bytes.subarray(at.label, at.label + 11)),
    'block-size': shape.clusterBytes,
    'sector-size': shape.sectorBytes,
    size: shape.sizeBytes,
    ...(is32 && counts(bytes, shape)),
  };
  const copyAt = is32 ? bytes.readUInt16LE(50) * shape.sectorBytes : 0;
  const sector = Buffer.from(bytes.subarray(0, shape.sectorBytes));
  const copy = bytes.subarray(copyAt, copyAt + shape.sectorBytes);
  if (copyAt > 0 && copy.equals(sector)) copy.fill(0);
  bytes.fill(0, 3, 11);
  bytes.fill(0, at.id, at.id + 4);
  bytes.fill(0, at.label, at.label + 11);
  return { ...told, header: createHash('sha256').update(bytes).digest('hex') };
}

/** What FAT32 keeps of free clusters; they follow from what is stored, so they are told and cleared. */
function counts(bytes: Buffer, { sectorBytes }: FatShape): Attributes {
  const info = bytes.readUInt16LE(48) * sectorBytes;
  if (info === 0 || info + 512 > bytes.length || bytes.readUInt32LE(info) !== 0x41615252) return {};
  const [free, next] = [bytes.readUInt32LE(info + 488), bytes.readUInt32LE(info + 492)];
  bytes.fill(0, info + 488, info + 496);
  return { 'free-clusters': free, 'next-free': next };
}

/** A padded field; other padding than spaces shows, as the value then ends otherwise. */
function trimmed(bytes: Buffer): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0x20) end -= 1;
  return valueText(bytes.subarray(0, end));
}
