import { ImageError } from '../error.js';
import { BLOCK_BYTES } from '../tar-header.js';
import { type Field, headerNumber } from './header-block.js';
import { SparseRanges } from './sparse-ranges.js';

const ENTRY_BYTES = 24;
const IN_HEADER = { offset: 386, entries: 4, extendedAt: 482 };
const IN_EXTENSION = { offset: 0, entries: 21, extendedAt: 504 };
const REAL_SIZE: Field = [483, 12];

/**
 * Reads the map of an old GNU sparse member: four ranges in its header, the others in blocks after it.
 *
 * Source: GNU tar manual, "Old GNU Format"
 */
export class RangeBlocks {
  readonly ranges = new SparseRanges();
  /** Bytes of the member with its holes. */
  readonly realBytes: number;
  isOpen: boolean;
  /** What of the blocks does not follow from the ranges; none where GNU tar wrote them. */
  readonly untold: Buffer[] = [];

  /** @throws ImageError CORRUPT */
  constructor(header: Buffer) {
    this.realBytes = field(header, REAL_SIZE);
    const { untold } = this.#read(header, IN_HEADER);
    this.untold.push(untold);
    this.isOpen = header[IN_HEADER.extendedAt] === 1;
  }

  /** Takes the next block. @throws ImageError CORRUPT, TOO_LARGE */
  extend(block: Buffer): void {
    const { untold, used } = this.#read(block, IN_EXTENSION);
    // Else blocks without end could follow that say nothing.
    if (used === 0) throw new ImageError('CORRUPT', 'a block of a sparse map has no range');
    if (untold.length > 0 || block.subarray(505).some((byte) => byte !== 0)) {
      this.untold.push(Buffer.from(block));
    }
    this.isOpen = block[IN_EXTENSION.extendedAt] === 1;
  }

  /** Clears what of the header block the ranges and the size tell. */
  clear(header: Buffer): void {
    const isPlain = this.untold[0]?.length === 0 && isOctal(header, REAL_SIZE);
    if (isPlain) header.fill(0, IN_HEADER.offset, REAL_SIZE[0] + REAL_SIZE[1]);
  }

  #read(
    block: Buffer,
    layout: { offset: number; entries: number; extendedAt: number },
  ): { used: number; untold: Buffer } {
    let used = 0;
    let isPlain = (block[layout.extendedAt] ?? 0) <= 1;
    for (; used < layout.entries; used += 1) {
      const at = layout.offset + used * ENTRY_BYTES;
      // An entry left empty ends the map of its block.
      if (block[at + 12] === 0) break;
      const [start, length] = [plainOctal(block, at), plainOctal(block, at + 12)];
      this.ranges.add(start ?? field(block, [at, 12]), length ?? field(block, [at + 12, 12]));
      isPlain &&= start !== null || isOctal(block, [at, 12]);
      isPlain &&= length !== null || isOctal(block, [at + 12, 12]);
    }
    const [start, end] = [layout.offset, layout.offset + layout.entries * ENTRY_BYTES];
    isPlain &&= block.subarray(start + used * ENTRY_BYTES, end).every((byte) => byte === 0);
    return {
      used,
      untold: isPlain ? Buffer.alloc(0) : Buffer.from(block.subarray(0, BLOCK_BYTES)),
    };
  }
}

function field(block: Buffer, at: Field): number {
  const value = headerNumber(block, at);
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ImageError('CORRUPT', `a sparse map has no size at byte ${at[0]}`);
  }
  return Number(value);
}

/**
 * Reads a number that is eleven octal digits and a zero byte, as nearly all are; null for any other. A
 * large image has tens of thousands: no text is made of them.
 */
function plainOctal(block: Buffer, offset: number): number | null {
  let value = 0;
  for (let at = offset; at < offset + 11; at += 1) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) return null;
    value = value * 8 + digit;
  }
  return block[offset + 11] === 0 ? value : null;
}

/** Whether a number is spelled as GNU tar spells it, so that it tells its bytes. */
function isOctal(block: Buffer, [offset, lengthBytes]: Field): boolean {
  // Octal has no room for more than 8 GiB; in base 256 a number has one spelling.
  if (block[offset] === 0x80) return headerNumber(block, [offset, lengthBytes]) >= 8n ** 11n;
  return /^[0-7]{11}\0$/.test(block.toString('latin1', offset, offset + lengthBytes));
}
