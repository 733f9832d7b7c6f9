import { ImageError } from './error.js';
import { decodeName } from './tar-header.js';

/** What an extended header says of the next member, as far as a reader of sizes and names needs. */
export interface PaxFacts {
  readonly name?: string;
  /** Bytes stored in the archive, where the header's own field was too small. */
  readonly storedBytes?: number;
  /** Bytes of a sparse file with its holes. */
  readonly realBytes?: number;
}

/**
 * Reads the records of a pax extended header (`<length> <key>=<value>\n`), GNU sparse keys of all
 * three versions included. Later records replace earlier ones.
 *
 * @throws ImageError CORRUPT, BAD_MEMBER_NAME
 * Source: POSIX.1-2017 pax, "pax Extended Header"; GNU tar manual, "PAX Format, Versions 0.0 to 1.0"
 */
export function readPax(content: Buffer): PaxFacts {
  const records = new Map(readRecords(content).map(({ key, value }) => [key, value]));
  const name = records.get('GNU.sparse.name') ?? records.get('path');
  const size = records.get('size');
  const real = records.get('GNU.sparse.realsize') ?? records.get('GNU.sparse.size');
  return {
    ...(name !== undefined && { name: decodeName(name) }),
    ...(size !== undefined && { storedBytes: decimal(size) }),
    ...(real !== undefined && { realBytes: decimal(real) }),
  };
}

/** One record as it stands; keys are bytes read as Latin-1. */
export interface PaxRecord {
  readonly key: string;
  readonly value: Buffer;
}

/**
 * Reads the records of a pax extended header in their order; their values are parts of `content`.
 *
 * @throws ImageError CORRUPT
 */
export function readRecords(content: Buffer): PaxRecord[] {
  const records: PaxRecord[] = [];
  for (let at = 0; at < content.length;) {
    const { key, value, next } = readRecord(content, at);
    records.push({ key, value });
    at = next;
  }
  return records;
}

function readRecord(content: Buffer, at: number): { key: string; value: Buffer; next: number } {
  const space = content.indexOf(0x20, at);
  const digits = space === -1 ? '' : content.toString('latin1', at, Math.min(space, at + 10));
  const next = at + (/^[1-9][0-9]*$/.test(digits) ? Number(digits) : 0);
  const equals = content.indexOf(0x3d, space);
  const isWhole = next > space && next <= content.length && equals > space && equals < next - 1;
  if (!isWhole || content[next - 1] !== 0x0a) {
    throw new ImageError('CORRUPT', 'an extended header has a broken record');
  }
  return {
    key: content.toString('latin1', space + 1, equals),
    value: content.subarray(equals + 1, next - 1),
    next,
  };
}

function decimal(value: Buffer): number {
  const text = value.toString('latin1');
  const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) {
    throw new ImageError('CORRUPT', 'an extended header has a size that is no number');
  }
  return number;
}
