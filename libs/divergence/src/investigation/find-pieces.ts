import type { Location } from '#libs/manifest';
import type { ByteAsker, Chunks } from './byte-asker.js';

/** Both sides of a file that differs. */
export interface Sides {
  readonly left: ByteAsker;
  readonly right: ByteAsker;
}

/** What of two files differs. */
export interface Pieces {
  readonly leftBytes: number;
  readonly rightBytes: number;
  /** Where pieces of `PIECE_BYTES` begin that differ, ascending; the first alone where sizes differ. */
  readonly offsets: readonly number[];
  /** Pieces of any size that differ, or may, and were not looked into. */
  readonly unlooked: number;
}

interface Piece {
  readonly start: number;
  readonly bytes: number;
}

/** As many pieces in one question: some 8 kB of digests a side. */
const FAN_OUT = 128;
const FIRST_BYTES = 64 * 1024;
const LARGEST_BYTES = 64 * 1024 ** 2;
const MAX_READ_BYTES = 1024 ** 3;
/** Whoever tells endless sizes is not asked for ever. */
const MAX_QUESTIONS = 64;
/** Larger pieces of one file that are looked into: more of them is another file, and no other stamp. */
const MAX_REFINED = 16;
const MAX_OFFSETS = 512;

/** Bytes of the smallest pieces that are told apart. */
export const PIECE_BYTES = 512;

/**
 * Finds the pieces in which two files differ: coarse ones over all of them, then those within each,
 * so that a file of gigabytes takes a few questions. Where sizes differ all that follows the first
 * piece is displaced, and only that one is given.
 */
export async function findPieces(sides: Sides, location: Location): Promise<Pieces> {
  const [left, right] = await ask(sides, location, FIRST_BYTES, 0, FAN_OUT);
  const size = { leftBytes: left.sizeBytes, rightBytes: right.sizeBytes };
  const larger = Math.max(size.leftBytes, size.rightBytes);
  const isDisplaced = size.leftBytes !== size.rightBytes;
  const first = differing(left, right, { start: 0, bytes: FIRST_BYTES });
  const isEnough = larger <= FIRST_BYTES * FAN_OUT || (isDisplaced && first.length > 0);
  const coarse = isEnough
    ? { found: first, unlooked: 0 }
    : await sweep(sides, location, larger, isDisplaced);
  const queue = isDisplaced ? coarse.found.slice(0, 1) : [...coarse.found];
  const offsets: number[] = [];
  let { unlooked } = coarse;
  let refined = 0;
  for (let piece = queue.shift(); piece !== undefined; piece = queue.shift()) {
    if (offsets.length === (isDisplaced ? 1 : MAX_OFFSETS)) {
      unlooked += isDisplaced ? 0 : 1;
    } else if (piece.bytes === PIECE_BYTES) {
      offsets.push(piece.start);
    } else if (refined === MAX_REFINED) {
      unlooked += 1;
    } else {
      refined += 1;
      const within = await refine(sides, location, piece);
      // A side that changed its mind: nobody knows what differs there.
      if (within.length === 0) unlooked += 1;
      queue.unshift(...within);
    }
  }
  return { ...size, offsets, unlooked };
}

async function refine(sides: Sides, location: Location, piece: Piece): Promise<readonly Piece[]> {
  const bytes = Math.max(PIECE_BYTES, piece.bytes / FAN_OUT);
  const answers = await ask(sides, location, bytes, piece.start / bytes, piece.bytes / bytes);
  return differing(...answers, { start: piece.start, bytes });
}

async function sweep(
  sides: Sides,
  location: Location,
  sizeBytes: number,
  isFirstEnough: boolean,
): Promise<{ readonly found: readonly Piece[]; readonly unlooked: number }> {
  const bytes = Math.min(
    LARGEST_BYTES,
    Math.max(FIRST_BYTES, 2 ** Math.ceil(Math.log2(sizeBytes / FAN_OUT))),
  );
  const count = Math.max(1, Math.min(FAN_OUT, Math.floor(MAX_READ_BYTES / bytes)));
  const pieces = Math.ceil(sizeBytes / bytes);
  const found: Piece[] = [];
  let first = 0;
  for (let asked = 0; asked < MAX_QUESTIONS && first < pieces; asked += 1) {
    if (isFirstEnough && found.length > 0) break;
    const answers = await ask(sides, location, bytes, first, count);
    found.push(...differing(...answers, { start: first * bytes, bytes }));
    first += count;
  }
  const isUnasked = first < pieces && !(isFirstEnough && found.length > 0);
  return { found, unlooked: isUnasked ? 1 : 0 };
}

async function ask(
  { left, right }: Sides,
  location: Location,
  pieceBytes: number,
  first: number,
  count: number,
): Promise<[Chunks, Chunks]> {
  return Promise.all([
    left.chunks(location, pieceBytes, first, count),
    right.chunks(location, pieceBytes, first, count),
  ]);
}

/** Those of consecutive pieces, of which the first is given, that are not the same. */
function differing(left: Chunks, right: Chunks, { start, bytes }: Piece): readonly Piece[] {
  const length = Math.max(left.digests.length, right.digests.length);
  return Array.from({ length }, (_, index) => index)
    .filter((index) => left.digests[index] !== right.digests[index])
    .map((index) => ({ start: start + index * bytes, bytes }));
}
