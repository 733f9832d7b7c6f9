import { formatLocation } from '#libs/manifest';
import type { Excerpt } from '../difference.js';
import type { Range } from './binary.js';
import type { ClassifyContext } from './context.js';
import { digestedAt } from './digest-span.js';
import { seeKnownTime } from './known-times.js';
import type { Seen } from './seen.js';
import { areBuildSeconds } from './times.js';

const UUID_BYTES = 16;
const SHA256_BYTES = 32;

interface Reader {
  readonly width: number;
  readonly name: string;
  readonly read: (view: DataView, at: number) => number;
}

// Eight bytes before four, so that the whole number is named. Beyond 2^53 nothing is a time.
const READERS: readonly Reader[] = [
  {
    ...{ width: 8, name: '64 bits, little endian' },
    read: (view, at) => Number(view.getBigUint64(at, true)),
  },
  {
    ...{ width: 8, name: '64 bits, big endian' },
    read: (view, at) => Number(view.getBigUint64(at)),
  },
  {
    ...{ width: 4, name: '32 bits, little endian' },
    read: (view, at) => view.getUint32(at, true),
  },
  { ...{ width: 4, name: '32 bits, big endian' }, read: (view, at) => view.getUint32(at) },
];

/** Names numbers of a known form: times, UUIDs, digests of what differs. Null where there is none. */
export function seeNumbers(
  excerpt: Excerpt,
  range: Range,
  context: ClassifyContext,
): readonly Seen[] | null {
  if (range.leftEnd !== range.rightEnd) return null;
  const found =
    seeRawDigest(excerpt, range, context) ??
    seeKnownTime(excerpt, range, context) ??
    seeRawTime(excerpt, range, context) ??
    seeRawUuid(excerpt, range);
  return found === null ? null : [found];
}

function seeRawDigest(
  { left, right }: Excerpt,
  { start, leftEnd }: Range,
  context: ClassifyContext,
): Seen | null {
  const last = Math.min(start, left.length - SHA256_BYTES);
  for (let at = Math.max(0, leftEnd - SHA256_BYTES); at <= last; at += 1) {
    const implied = digestedAt(hex(left, at, SHA256_BYTES), hex(right, at, SHA256_BYTES), context);
    if (implied === null) continue;
    const detail = `the digest of ${formatLocation(implied)}, which differs`;
    return { class: 'embedded-hash', detail, facts: [], impliedBy: implied };
  }
  return null;
}

function seeRawTime(excerpt: Excerpt, range: Range, context: ClassifyContext): Seen | null {
  // Some twenty numbers hold any byte, and in machine code one of them often reads like a time.
  if (context.times === undefined) return null;
  const read = readTime(excerpt, range, context);
  if (read === null) return null;
  return { class: 'timestamp', detail: `seconds since 1970 as ${read}`, facts: [] };
}

/** What the bytes could be where nobody knows when the builds were; null for no such number. */
export function timeHint(excerpt: Excerpt, range: Range, context: ClassifyContext): string | null {
  if (context.times !== undefined || range.leftEnd !== range.rightEnd) return null;
  // In data a number lies at a multiple of its width; in code it need not.
  const read = readTime(excerpt, range, context, true);
  return read === null ? null : `could be seconds since 1970 as ${read}`;
}

/** The two numbers around a range that can be times of the builds, and how they are written. */
function readTime(
  excerpt: Excerpt,
  range: Range,
  context: ClassifyContext,
  isAligned = false,
): string | null {
  const { offset, left, right } = excerpt;
  const views = [left, right].map(
    (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  const [viewLeft, viewRight] = views;
  if (viewLeft === undefined || viewRight === undefined) return null;
  for (const { width, name, read } of READERS) {
    const last = Math.min(range.start, left.length - width);
    for (let at = Math.max(0, range.leftEnd - width); at <= last; at += 1) {
      if (isAligned && (offset + at) % width !== 0) continue;
      const [a, b] = [read(viewLeft, at), read(viewRight, at)];
      if (!areBuildSeconds(a, b, context)) continue;
      return `${name}: ${a} on the left, ${b} on the right`;
    }
  }
  return null;
}

/** Version 4 and the variant of RFC 9562 stand in both, at one place: two bytes in 64 by chance. */
function seeRawUuid({ left, right }: Excerpt, { start, leftEnd }: Range): Seen | null {
  if (leftEnd - start < UUID_BYTES / 2) return null;
  const last = Math.min(start, left.length - UUID_BYTES);
  for (let at = Math.max(0, leftEnd - UUID_BYTES); at <= last; at += 1) {
    if (!isUuidAt(left, at) || !isUuidAt(right, at)) continue;
    const shown = `${hex(left, at, UUID_BYTES)} on the left, ${hex(right, at, UUID_BYTES)} on the right`;
    return { class: 'random-id', detail: `UUIDs as bytes: ${shown}`, facts: [] };
  }
  return null;
}

function isUuidAt(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 6] ?? 0) & 0xf0) === 0x40 && ((bytes[at + 8] ?? 0) & 0xc0) === 0x80;
}

function hex(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString('hex');
}
