import type { Location } from '#libs/manifest';
import { isText } from '../classes/is-text.js';
import type { Excerpt, Mask } from '../difference.js';
import type { ByteAsker, MaskedBytes } from './byte-asker.js';
import { findPieces, PIECE_BYTES, type Sides } from './find-pieces.js';
import type { InvestigationLimits } from './limits.js';

/** Enough for most files that tell of a build, in one question. */
const FIRST_BYTES = 4096;
const MOST_BYTES = 16_384;
/** Bytes shown before a piece that differs, so that its line begins within the excerpt. */
const BEFORE_BYTES = 256;

/**
 * Fetches what two files differ in: small texts whole, else some bytes around the first pieces that
 * differ. Rejects where a side does.
 */
export async function readExcerpts(
  sides: Sides,
  location: Location,
  limits: InvestigationLimits,
): Promise<readonly Excerpt[]> {
  const head = await both(sides, location, 0, FIRST_BYTES);
  if (head.every(({ bytes }) => bytes.length < FIRST_BYTES)) return [excerptOf(0, head, true)];
  const pieces = await findPieces(sides, location, limits.maxExcerpts * 4);
  const larger = Math.max(pieces.leftBytes, pieces.rightBytes);
  if (larger <= limits.wholeBytes && head.every(({ bytes }) => isText(bytes))) {
    const whole = await Promise.all([
      readWhole(sides.left, location, pieces.leftBytes),
      readWhole(sides.right, location, pieces.rightBytes),
    ]);
    return [excerptOf(0, whole, true)];
  }
  // After bytes that only one side has, all that follows is displaced and tells nothing new.
  const most = pieces.leftBytes === pieces.rightBytes ? limits.maxExcerpts : 1;
  const excerpts: Excerpt[] = [];
  let end = -1;
  for (const offset of pieces.offsets) {
    if (excerpts.length === most) break;
    if (offset + PIECE_BYTES <= end) continue;
    const from = Math.max(0, offset - BEFORE_BYTES);
    end = from + limits.excerptBytes;
    excerpts.push(excerptOf(from, await both(sides, location, from, limits.excerptBytes), false));
  }
  return excerpts;
}

async function both(
  { left, right }: Sides,
  location: Location,
  offset: number,
  length: number,
): Promise<readonly [MaskedBytes, MaskedBytes]> {
  return Promise.all([left.bytes(location, offset, length), right.bytes(location, offset, length)]);
}

async function readWhole(
  asker: ByteAsker,
  location: Location,
  sizeBytes: number,
): Promise<MaskedBytes> {
  const parts: Uint8Array[] = [];
  const masks: Mask[] = [];
  for (let at = 0; at < sizeBytes;) {
    const part = await asker.bytes(location, at, Math.min(MOST_BYTES, sizeBytes - at));
    if (part.bytes.length === 0) break;
    const start = at;
    masks.push(...part.masks.map((mask) => ({ ...mask, offset: start + mask.offset })));
    parts.push(part.bytes);
    at += part.bytes.length;
  }
  return { bytes: Buffer.concat(parts), masks };
}

function excerptOf(
  offset: number,
  [left, right]: readonly [MaskedBytes, MaskedBytes],
  isWhole: boolean,
): Excerpt {
  return {
    ...{ offset, isWhole },
    ...{ left: left.bytes, leftMasks: left.masks },
    ...{ right: right.bytes, rightMasks: right.masks },
  };
}
