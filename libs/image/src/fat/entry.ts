import { type Attributes, pathText } from '#libs/manifest';

export const ENTRY_BYTES = 32;
export const ATTRIBUTE = { label: 0x08, directory: 0x10, longName: 0x0f } as const;

const LOWER_BASE = 0x08;
const LOWER_EXTENSION = 0x10;
const DELETED_AS_FIRST = 0x05;

/** One short entry of a directory. */
export interface FatEntry {
  /** The 32 bytes as they stand. */
  readonly raw: Buffer;
  readonly attribute: number;
  readonly firstCluster: number;
  readonly sizeBytes: number;
}

/** Source: Microsoft FAT specification, "FAT Directory Structure" */
export function readEntry(raw: Buffer, bits: number): FatEntry {
  const high = bits === 32 ? raw.readUInt16LE(20) : 0;
  return {
    raw,
    attribute: raw.readUInt8(11),
    firstCluster: high * 65_536 + raw.readUInt16LE(26),
    sizeBytes: raw.readUInt32LE(28),
  };
}

/** Attributes of an entry: its times as the disk has them, in a time zone that nobody knows. */
export function entryAttributes({ raw }: FatEntry): Attributes {
  const hundredths = raw.readUInt8(13);
  return {
    flags: raw.toString('hex', 11, 13),
    mtime: dosTime(raw.readUInt16LE(24), raw.readUInt16LE(22)),
    crtime: `${dosTime(raw.readUInt16LE(16), raw.readUInt16LE(14))}+${hundredths}`,
    atime: dosTime(raw.readUInt16LE(18), null),
  };
}

/** The short name as text, with the case that Windows NT keeps in a flag. */
export function shortName(raw: Buffer): string {
  const flags = raw.readUInt8(12);
  const part = (from: number, to: number, isLower: boolean): Buffer => {
    const bytes = Buffer.from(raw.subarray(from, to));
    if (from === 0 && bytes[0] === DELETED_AS_FIRST) bytes[0] = 0xe5;
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0x20) end -= 1;
    for (const [at, byte] of bytes.entries()) {
      if (isLower && byte >= 0x41 && byte <= 0x5a) bytes[at] = byte + 0x20;
    }
    return bytes.subarray(0, end);
  };
  const base = part(0, 8, (flags & LOWER_BASE) !== 0);
  const extension = part(8, 11, (flags & LOWER_EXTENSION) !== 0);
  const name = extension.length === 0 ? base : Buffer.concat([base, Buffer.from('.'), extension]);
  return pathText(name);
}

/** Checksum of a short name, by which its long name knows it. */
export function shortNameSum(raw: Buffer): number {
  let sum = 0;
  for (const byte of raw.subarray(0, 11)) sum = ((((sum & 1) << 7) | (sum >> 1)) + byte) & 0xff;
  return sum;
}

/** A time of the disk; what is no date of a calendar stays a number. */
function dosTime(date: number, time: number | null): string {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 0x0f, date & 0x1f];
  const [hour, minute, second] = [
    (time ?? 0) >> 11,
    ((time ?? 0) >> 5) & 0x3f,
    ((time ?? 0) & 0x1f) * 2,
  ];
  const isTime = hour < 24 && minute < 60 && second < 60;
  if (month < 1 || month > 12 || day < 1 || !isTime) {
    return `0x${date.toString(16)}${time === null ? '' : `,0x${time.toString(16)}`}`;
  }
  const text = `${year}-${two(month)}-${two(day)}`;
  return time === null ? text : `${text}T${two(hour)}:${two(minute)}:${two(second)}`;
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}
