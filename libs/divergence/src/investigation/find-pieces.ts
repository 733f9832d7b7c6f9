import type { Location } from '#libs/manifest';
import type { ByteAsker, Chunks } from './byte-asker.js';

/** Both sides of a file that differs. */
export interface Sides {
  readonly left: ByteAsker;
  readonly right: ByteAsker;
}

/** What of two files differs, as far as it was looked for. */
export interface Pieces {
  readonly leftBytes: number;
  readonly rightBytes: number;
  /** Where pieces of `pieceBytes` begin that differ, ascending. */
  readonly offsets: readonly number[];
}

/** As many pieces in one question: some 8 kB of digests a side. */
const FAN_OUT = 128;
const FIRST_BYTES = 64 * 1024;
const LARGEST_BYTES = 64 * 1024 ** 2;
const MAX_READ_BYTES = 1024 ** 3;
/** Whoever tells endless sizes is not asked for ever. */
const MAX_QUESTIONS = 64;

/** Bytes of the smallest pieces that are told apart. */
export const PIECE_BYTES = 512;

/**
 * Finds the first pieces in which two files differ: coarse ones first, then those within the first
 * that differs, so that a file of gigabytes takes a few questions. At most `most` offsets.
 */
export async function findPieces(sides: Sides, location: Location, most: number): Promise<Pieces> {
  const [left, right] = await ask(sides, location, FIRST_BYTES, 0, FAN_OUT);
  const [leftBytes, rightBytes] = [left.sizeBytes, right.sizeBytes];
  const larger = Math.max(leftBytes, rightBytes);
  const size = { leftBytes, rightBytes };
  let found = differing(left, right).map((index) => index * FIRST_BYTES);
  let pieceBytes = FIRST_BYTES;
  if (found.length === 0 && larger > FIRST_BYTES * FAN_OUT) {
    pieceBytes = Math.min(LARGEST_BYTES, 2 ** Math.ceil(Math.log2(larger / FAN_OUT)));
    found = await sweep(sides, location, pieceBytes, larger);
  }
  while (pieceBytes > PIECE_BYTES && found[0] !== undefined) {
    const start: number = found[0];
    const smaller = Math.max(PIECE_BYTES, pieceBytes / FAN_OUT);
    const answers = await ask(sides, location, smaller, start / smaller, pieceBytes / smaller);
    const within = differing(...answers).map((index) => start + index * smaller);
    // A side that changed its mind: what was found so far is all there is.
    if (within.length === 0) break;
    // Others of the coarse ones are kept by their beginnings, to be shown if there is room.
    found = [...within, ...found.slice(1)];
    pieceBytes = smaller;
  }
  return { ...size, offsets: found.slice(0, most) };
}

async function sweep(
  sides: Sides,
  location: Location,
  pieceBytes: number,
  sizeBytes: number,
): Promise<number[]> {
  const count = Math.max(1, Math.min(FAN_OUT, Math.floor(MAX_READ_BYTES / pieceBytes)));
  const pieces = Math.ceil(sizeBytes / pieceBytes);
  for (let asked = 0; asked < MAX_QUESTIONS && asked * count < pieces; asked += 1) {
    const first = asked * count;
    const found = differing(...(await ask(sides, location, pieceBytes, first, count)));
    if (found.length > 0) return found.map((index) => (first + index) * pieceBytes);
  }
  return [];
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

function differing(left: Chunks, right: Chunks): number[] {
  const length = Math.max(left.digests.length, right.digests.length);
  return Array.from({ length }, (_, index) => index).filter(
    (index) => left.digests[index] !== right.digests[index],
  );
}
