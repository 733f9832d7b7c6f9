import type { Location } from '#libs/manifest';
import type { Excerpt, Mask } from '../difference.js';
import type { ByteAsker, MaskedBytes } from './byte-asker.js';
import type { Sides } from './find-pieces.js';

/** As much as one question gives. */
export const MOST_BYTES = 16_384;

/** Asks both sides for the same part, with one question each. */
export async function readBoth(
  { left, right }: Sides,
  location: Location,
  offset: number,
  length: number,
): Promise<readonly [MaskedBytes, MaskedBytes]> {
  return Promise.all([left.bytes(location, offset, length), right.bytes(location, offset, length)]);
}

/**
 * Asks one side for a part, with as many questions as that takes. Ends with the first short answer:
 * who gives a byte at a time is not asked for each.
 */
export async function readPart(
  asker: ByteAsker,
  location: Location,
  offset: number,
  length: number,
): Promise<MaskedBytes> {
  const parts: Uint8Array[] = [];
  const masks: Mask[] = [];
  for (let at = 0; at < length;) {
    const wanted = Math.min(MOST_BYTES, length - at);
    const part = await asker.bytes(location, offset + at, wanted);
    const start = at;
    masks.push(...part.masks.map((mask) => ({ ...mask, offset: start + mask.offset })));
    parts.push(part.bytes);
    at += part.bytes.length;
    if (part.bytes.length < wanted) break;
  }
  return { bytes: Buffer.concat(parts), masks };
}

/** Takes a part of what was read; a mask at its edge keeps what of it lies within. */
export function partOf({ bytes, masks }: MaskedBytes, from: number, length: number): MaskedBytes {
  const part = bytes.subarray(from, from + length);
  return {
    bytes: part,
    masks: masks.flatMap(({ offset, length: masked, fact }) => {
      const start = Math.max(0, offset - from);
      const end = Math.min(part.length, offset + masked - from);
      return start < end ? [{ offset: start, length: end - start, fact }] : [];
    }),
  };
}

/** Puts both sides together. */
export function excerptOf(
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
