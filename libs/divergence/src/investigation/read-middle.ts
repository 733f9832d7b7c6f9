import type { Location } from '#libs/manifest';
import type { MaskedBytes } from './byte-asker.js';
import type { Excerpts } from './excerpts.js';
import type { Pieces, Sides } from './find-pieces.js';
import type { InvestigationLimits } from './limits.js';
import { excerptOf, MOST_BYTES, readBoth, readPart } from './read-part.js';
import { AROUND_BYTES } from './runs.js';
import { NOT_AS_TOLD, sidesThat } from './told.js';

/** What is known of two files whose middle is looked for. */
export interface Middle {
  readonly pieces: Pieces;
  readonly isOfText: boolean;
  readonly limits: InvestigationLimits;
}

/** Shown where the middle is too large. */
const SHOWN_BYTES = 1024;

/**
 * Fetches what lies between the beginning and the end that two files have in common, in one excerpt.
 * After bytes that only one side has, all that follows is displaced: it is compared from the end.
 */
export async function readMiddle(
  sides: Sides,
  location: Location,
  { pieces, isOfText, limits }: Middle,
): Promise<Excerpts> {
  const { leftBytes, rightBytes, offsets } = pieces;
  const [first] = offsets;
  if (first === undefined) return { excerpts: [], unlooked: 'where it differs could not be found' };
  const from = Math.max(0, first - AROUND_BYTES);
  const shorter = Math.min(leftBytes, rightBytes);
  const tail = await commonTail(
    sides,
    location,
    pieces,
    Math.min(shorter - first, limits.alignedBytes),
  );
  const end = Math.max(0, tail - AROUND_BYTES);
  const [left, right] = [leftBytes - end - from, rightBytes - end - from];
  const most = isOfText ? limits.alignedBytes : limits.excerptBytes;
  if (Math.max(left, right) <= most) {
    const both = await Promise.all([
      readPart(sides.left, location, from, left),
      readPart(sides.right, location, from, right),
    ]);
    const notAsTold = sidesThat(both[0].bytes.length < left, both[1].bytes.length < right);
    const isWhole = notAsTold.length === 0;
    const unlooked = isWhole ? null : NOT_AS_TOLD;
    return { excerpts: [excerptOf(from, both, isWhole)], unlooked, notAsTold };
  }
  const shown = await readBoth(sides, location, from, SHOWN_BYTES);
  const rest = [left, right].map((bytes) => Math.max(0, bytes - SHOWN_BYTES));
  return {
    excerpts: [excerptOf(from, shown, false)],
    unlooked: `what follows byte ${from + SHOWN_BYTES} was not looked at: ${rest[0]} bytes on the left, ${rest[1]} on the right`,
  };
}

/** Bytes that both have at their ends, up to so many. */
async function commonTail(
  { left, right }: Sides,
  location: Location,
  { leftBytes, rightBytes }: Pieces,
  most: number,
): Promise<number> {
  let tail = 0;
  while (tail < most) {
    const length = Math.min(MOST_BYTES, most - tail);
    const [a, b] = await Promise.all([
      left.bytes(location, leftBytes - tail - length, length),
      right.bytes(location, rightBytes - tail - length, length),
    ]);
    if (a.bytes.length < length || b.bytes.length < length) break;
    const same = commonEnd(a, b);
    tail += same;
    if (same < length) break;
  }
  return tail;
}

/** What is masked may differ, so it is not in common. */
function commonEnd(a: MaskedBytes, b: MaskedBytes): number {
  const most = Math.min(unmaskedEnd(a), unmaskedEnd(b));
  let same = 0;
  while (same < most && a.bytes.at(-1 - same) === b.bytes.at(-1 - same)) same += 1;
  return same;
}

function unmaskedEnd({ bytes, masks }: MaskedBytes): number {
  const end = masks.reduce((last, { offset, length }) => Math.max(last, offset + length), 0);
  return Math.max(0, bytes.length - end);
}
