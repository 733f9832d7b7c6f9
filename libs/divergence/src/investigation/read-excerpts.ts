import type { Location } from '#libs/manifest';
import { isText } from '../classes/is-text.js';
import type { Difference, Excerpt } from '../difference.js';
import type { SideName } from '../walk/ask.js';
import type { MaskedBytes } from './byte-asker.js';
import type { Excerpts } from './excerpts.js';
import { findPieces, PIECE_BYTES, type Pieces, type Sides } from './find-pieces.js';
import type { InvestigationLimits } from './limits.js';
import { readMiddle, type Middle } from './read-middle.js';
import { excerptOf, MOST_BYTES, partOf, readBoth, readPart } from './read-part.js';
import { AROUND_BYTES, readsOf, runsOf, type Run } from './runs.js';
import { filesNotAsTold, NOT_AS_TOLD, sidesThat, sizesNotAsTold, type Told } from './told.js';

/** Enough for most files that tell of a build, in one question. */
const FIRST_BYTES = 4096;

/**
 * Fetches what two files differ in: small texts whole, else the bytes around all pieces that differ,
 * or, where something is displaced, what lies between the beginning and the end that both have. Says
 * what of it is beyond the limits, or is shown otherwise than the manifests tell. Rejects where a side
 * does.
 */
export async function readExcerpts(
  sides: Sides,
  difference: Difference,
  limits: InvestigationLimits,
): Promise<Excerpts> {
  const { location } = difference;
  const head = await readBoth(sides, location, 0, FIRST_BYTES);
  if (head.every(({ bytes }) => bytes.length < FIRST_BYTES)) return wholeOf(head, difference);
  const pieces = await findPieces(sides, location);
  const larger = Math.max(pieces.leftBytes, pieces.rightBytes);
  const isOfText = head.every(({ bytes }) => isText(bytes));
  if (larger <= limits.wholeBytes && isOfText) {
    const whole = await Promise.all([
      readPart(sides.left, location, 0, pieces.leftBytes),
      readPart(sides.right, location, 0, pieces.rightBytes),
    ]);
    return wholeOf(whole, difference);
  }
  const seen = await readPlaces(sides, location, { pieces, isOfText, limits });
  const notAsTold = sizesNotAsTold(difference, pieces.leftBytes, pieces.rightBytes);
  return notAsTold.length === 0 ? seen : { ...seen, unlooked: NOT_AS_TOLD, notAsTold };
}

function wholeOf(both: readonly [MaskedBytes, MaskedBytes], told: Told): Excerpts {
  const notAsTold = filesNotAsTold(told, both);
  const isWhole = notAsTold.length === 0;
  const unlooked = isWhole ? null : NOT_AS_TOLD;
  return { excerpts: [excerptOf(0, both, isWhole)], unlooked, notAsTold };
}

async function readPlaces(
  sides: Sides,
  location: Location,
  { pieces, isOfText, limits }: Middle,
): Promise<Excerpts> {
  if (pieces.leftBytes !== pieces.rightBytes) {
    return readMiddle(sides, location, { pieces, isOfText, limits });
  }
  const runs = runsOf(pieces.offsets);
  const mostBytes = isOfText ? MOST_BYTES - 2 * AROUND_BYTES : limits.excerptBytes;
  const isRead = readsOf(runs, mostBytes).length <= limits.maxReads;
  const isFew = isRead && runs.every(({ start, end }) => end - start <= mostBytes);
  if (isOfText && !isFew && pieces.unlooked === 0 && spanOf(pieces) <= limits.alignedBytes) {
    return readMiddle(sides, location, { pieces, isOfText, limits });
  }
  return readRuns(sides, location, runs, { pieces, mostBytes, limits });
}

async function readRuns(
  sides: Sides,
  location: Location,
  runs: readonly Run[],
  {
    pieces,
    mostBytes,
    limits,
  }: {
    readonly pieces: Pieces;
    readonly mostBytes: number;
    readonly limits: InvestigationLimits;
  },
): Promise<Excerpts> {
  const reads = readsOf(runs, mostBytes);
  const excerpts: Excerpt[] = [];
  const notAsTold = new Set<SideName>();
  let { unlooked } = pieces;
  for (const read of reads.slice(0, limits.maxReads)) {
    const both = await readBoth(sides, location, read.start, read.end - read.start);
    for (const run of read.runs) {
      const end = Math.min(run.end, run.start + mostBytes);
      const from = Math.max(0, run.start - AROUND_BYTES);
      const length = end + AROUND_BYTES - from;
      const [left, right] = both.map((side) => partOf(side, from - read.start, length));
      if (left === undefined || right === undefined) continue;
      const isMasked = left.masks.length + right.masks.length > 0;
      const short = sidesThat(
        left.bytes.length < Math.min(length, pieces.leftBytes - from),
        right.bytes.length < Math.min(length, pieces.rightBytes - from),
      );
      // A side that shows other bytes than it told the digests of.
      const isOther = !isMasked && Buffer.from(left.bytes).equals(right.bytes);
      const wrong = isOther ? sidesThat(true, true) : short;
      for (const side of wrong) notAsTold.add(side);
      if (wrong.length > 0) unlooked += 1;
      else excerpts.push(excerptOf(from, [left, right], end === run.end));
      unlooked += Math.ceil((run.end - end) / PIECE_BYTES);
    }
  }
  for (const { runs: others } of reads.slice(limits.maxReads)) {
    unlooked += others.reduce((sum, { start, end }) => sum + (end - start) / PIECE_BYTES, 0);
  }
  const places =
    unlooked === 1
      ? '1 further piece that differs was'
      : `${unlooked} further pieces that differ were`;
  return {
    ...{ excerpts, notAsTold: [...notAsTold] },
    unlooked: unlooked === 0 ? null : `${places} not looked at`,
  };
}

function spanOf({ offsets }: Pieces): number {
  return (offsets.at(-1) ?? 0) + PIECE_BYTES - (offsets[0] ?? 0);
}
