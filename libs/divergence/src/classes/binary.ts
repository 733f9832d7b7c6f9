import type { Excerpt } from '../difference.js';
import type { ClassifyContext } from './context.js';
import { seeNumbers, timeHint } from './binary-numbers.js';
import { decodeMasked, isEqualFact, masksOf, type Side } from './masked-text.js';
import { readable } from './readable.js';
import { notCompared, type Seen } from './seen.js';
import { seeTexts } from './text-pair.js';

/** Bytes of both sides that differ: from `start`, up to `leftEnd` and `rightEnd`, within an excerpt. */
export interface Range {
  readonly start: number;
  readonly leftEnd: number;
  readonly rightEnd: number;
}

const MAX_RANGES = 48;
/** Equal bytes between two that differ: fewer belong to one thing. */
const MAX_GAP = 7;
const MIN_RUN = 4;
const MAX_NUMBER = 4;
const MAX_RUN = 400;
const MAX_SHOWN_BYTES = 12;

/** What was seen in a text among other bytes, and where reading it ended on either side. */
interface Run {
  readonly seen: readonly Seen[];
  readonly leftEnd: number;
  readonly rightEnd: number;
}

/** Names what makes the bytes of an excerpt differ that is no text. */
export function seeBytes(excerpt: Excerpt, context: ClassifyContext): readonly Seen[] {
  const { ranges, isCut } = rangesOf(excerpt, context);
  const seen = ranges.flatMap((range) =>
    seeRange(excerpt, range, context).map((each) => ({
      ...each,
      at: [excerpt.offset + range.start],
    })),
  );
  return isCut ? [...seen, notCompared(`what follows the first ${MAX_RANGES} places`)] : seen;
}

/** Gives where in an excerpt the first byte is that differs; null where none does. */
export function firstDifference(excerpt: Excerpt, context: ClassifyContext): number | null {
  return rangesOf(excerpt, context).ranges[0]?.start ?? null;
}

function seeRange(excerpt: Excerpt, range: Range, context: ClassifyContext): readonly Seen[] {
  const whole = seeRun(excerpt, range, true, context);
  if (whole?.seen.some(isTold) === true) return whole.seen;
  const numbers = seeNumbers(excerpt, range, context);
  // Four letters read like a time now and then: a longer text is one.
  if (numbers !== null && (whole === null || range.leftEnd - range.start <= MAX_NUMBER)) {
    return numbers;
  }
  // Of other length in a place of fixed size, it displaces what follows.
  const begun = whole ?? seeRun(excerpt, range, false, context);
  if (begun?.seen.some(isTold) !== true) return whole?.seen ?? [unknown(excerpt, range, context)];
  if (isAllRead(excerpt, range, begun)) return begun.seen;
  return [...begun.seen, unknown(excerpt, range, context)];
}

/** Whether what follows a text that a range begins with is the same but for its place and padding. */
function isAllRead({ left, right }: Excerpt, { leftEnd, rightEnd }: Range, read: Run): boolean {
  const [a, b] = [left.subarray(read.leftEnd, leftEnd), right.subarray(read.rightEnd, rightEnd)];
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  return longer.every((byte, index) => byte === (shorter[index] ?? 0));
}

function isTold(seen: Seen): boolean {
  return seen.class !== 'unknown' || seen.facts.length > 0;
}

/** Where an excerpt differs; cut where that is in too many places. */
interface Ranges {
  readonly ranges: readonly Range[];
  readonly isCut: boolean;
}

function rangesOf(excerpt: Excerpt, context: ClassifyContext): Ranges {
  const { left, right } = excerpt;
  if (left.length !== right.length) return { ranges: [middleOf(left, right)], isCut: false };
  const differs = left.map((byte, index) => (byte === right[index] ? 0 : 1));
  for (const side of ['left', 'right'] as const) {
    for (const { offset, length, fact } of masksOf(excerpt, side)) {
      // Fillers of one length are equal, though what they hide is not.
      if (!isEqualFact(fact, context)) differs.fill(1, offset, offset + length);
    }
  }
  const ranges: Range[] = [];
  for (let at = differs.indexOf(1); at >= 0; at = differs.indexOf(1, at + 1)) {
    const last = ranges.at(-1);
    if (last !== undefined && at - last.leftEnd <= MAX_GAP) {
      ranges.splice(-1, 1, { start: last.start, leftEnd: at + 1, rightEnd: at + 1 });
    } else if (ranges.length === MAX_RANGES) return { ranges, isCut: true };
    else ranges.push({ start: at, leftEnd: at + 1, rightEnd: at + 1 });
  }
  return { ranges, isCut: false };
}

function middleOf(left: Uint8Array, right: Uint8Array): Range {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return { start, leftEnd: left.length - end, rightEnd: right.length - end };
}

/** A text among other bytes: all of the range, or what of it is one from its beginning on. */
function seeRun(
  excerpt: Excerpt,
  range: Range,
  isWhole: boolean,
  context: ClassifyContext,
): Run | null {
  const { start, leftEnd, rightEnd } = range;
  const left = run(excerpt, 'left', start, isWhole ? leftEnd : start + 1, context);
  const right = run(excerpt, 'right', start, isWhole ? rightEnd : start + 1, context);
  if (left === null || right === null) return null;
  if (Math.max(left.text.length, right.text.length) < MIN_RUN) return null;
  const seen = seeTexts(left.text, right.text, context);
  return seen.length === 0 ? null : { seen, leftEnd: left.end, rightEnd: right.end };
}

function run(
  excerpt: Excerpt,
  side: Side,
  start: number,
  end: number,
  context: ClassifyContext,
): { readonly text: string; readonly end: number } | null {
  const bytes = excerpt[side];
  const masks = masksOf(excerpt, side);
  const isShown = (at: number): boolean =>
    isPrintable(bytes[at]) ||
    masks.some(({ offset, length }) => at >= offset && at < offset + length);
  for (let at = start; at < end; at += 1) if (!isShown(at)) return null;
  let from = start;
  while (from > 0 && start - from < MAX_RUN && isShown(from - 1)) from -= 1;
  let to = end;
  while (to < bytes.length && to - end < MAX_RUN && isShown(to)) to += 1;
  const within = masks
    .filter(({ offset, length }) => offset >= from && offset + length <= to)
    .map((mask) => ({ ...mask, offset: mask.offset - from }));
  return { text: decodeMasked(bytes.subarray(from, to), within, side, context), end: to };
}

function isPrintable(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x20 && byte < 0x7f;
}

function unknown(excerpt: Excerpt, range: Range, context: ClassifyContext): Seen {
  const { offset, left, right } = excerpt;
  const shown = [
    left.subarray(range.start, range.leftEnd),
    right.subarray(range.start, range.rightEnd),
  ]
    .map((bytes) => hex(bytes))
    .join(' on the left, ');
  const hint = timeHint(excerpt, range, context);
  const more = hint === null ? '' : `; ${hint}`;
  const detail = readable(`from byte ${offset + range.start}: ${shown} on the right${more}`);
  return { class: 'unknown', detail, facts: [] };
}

function hex(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing';
  const shown = Buffer.from(bytes.subarray(0, MAX_SHOWN_BYTES)).toString('hex');
  return bytes.length > MAX_SHOWN_BYTES ? `${shown}… (${bytes.length} bytes)` : shown;
}
