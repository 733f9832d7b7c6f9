import type { Excerpt } from '../difference.js';
import type { Range } from './binary.js';
import type { ClassifyContext } from './context.js';
import { bothSides } from './readable.js';
import type { Seen } from './seen.js';
import { areBuildSeconds, areForeignTimes } from './times.js';

const TIME_BYTES = 4;
const PE_POINTER_AT = 0x3c;

/** A field of a format that holds seconds since 1970 in 32 bits, little endian. */
interface TimeField {
  readonly of: string;
  readonly at: number;
  /** Whether a digest may stand there instead, so that the value itself has to read like a time. */
  readonly isDoubtful: boolean;
}

/** Names what differs in a field that is a time by the format of its file; null anywhere else. */
export function seeKnownTime(
  { offset, left, right }: Excerpt,
  { start, leftEnd }: Range,
  context: ClassifyContext,
): Seen | null {
  if (offset !== 0) return null;
  const field = fieldOf(left);
  if (field === null || fieldOf(right)?.of !== field.of) return null;
  const { of, at, isDoubtful } = field;
  if (start < at || leftEnd > at + TIME_BYTES) return null;
  const [a, b] = [left, right].map((bytes) => viewOf(bytes).getUint32(at, true));
  if (a === undefined || b === undefined) return null;
  if (isDoubtful && !areBuildSeconds(a, b, context)) return null;
  const shown = bothSides(String(a), String(b));
  if (areForeignTimes(a, b, context)) {
    const detail = `the time in the head of a ${of}, none of which is a build’s: ${shown}`;
    return { class: 'unknown', detail, facts: [] };
  }
  return { class: 'timestamp', detail: `the time in the head of a ${of}: ${shown}`, facts: [] };
}

/** Source: RFC 1952; Python importlib, "Cached bytecode invalidation"; Microsoft PE format, COFF header */
function fieldOf(bytes: Uint8Array): TimeField | null {
  const [a, b, c, d] = bytes;
  const holds = (at: number): boolean => at + TIME_BYTES <= bytes.length;
  if (a === 0x1f && b === 0x8b && holds(4)) return { of: 'gzip stream', at: 4, isDoubtful: false };
  // With any flag set there is a hash of the source instead.
  if (c === 0x0d && d === 0x0a && holds(8) && viewOf(bytes).getUint32(4, true) === 0) {
    return { of: 'Python bytecode file', at: 8, isDoubtful: true };
  }
  if (a !== 0x4d || b !== 0x5a || !holds(PE_POINTER_AT)) return null;
  const head = viewOf(bytes).getUint32(PE_POINTER_AT, true);
  if (!holds(head + 8) || viewOf(bytes).getUint32(head, true) !== 0x4550) return null;
  return { of: 'PE file', at: head + 8, isDoubtful: true };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
