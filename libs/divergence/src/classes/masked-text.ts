import type { Excerpt, Mask } from '../difference.js';
import type { ClassifyContext } from './context.js';

/** Which side a text is of. */
export type Side = 'left' | 'right';

// In texts of this lib alone: what comes from outside has them replaced, so nobody can forge a mask.
const OPEN: Readonly<Record<Side | 'both', string>> = {
  left: '\ue000',
  right: '\ue001',
  both: '\ue002',
};
const CLOSE = '\ue003';
const RESERVED = /[\ue000-\ue003]/g;

/** Finds the masks in a text that `maskedText` made; the fact is the first group. */
export const MASK_SOURCE = '[\\ue000-\\ue002]([^\\ue003]{1,90})\\ue003';
const MASKS = new RegExp(MASK_SOURCE, 'g');

/**
 * Decodes one side of an excerpt. Where a builder masked a value stands a token of this lib's own,
 * one for each side, so that it differs; and the same on both sides where the two builders' facts
 * are known and equal.
 */
export function maskedText(excerpt: Excerpt, side: Side, context: ClassifyContext): string {
  return decodeMasked(excerpt[side], masksOf(excerpt, side), side, context);
}

/** The masks of one side, sound ones only, in order: they come from a stranger. */
export function masksOf(excerpt: Excerpt, side: Side): readonly Mask[] {
  const { length } = excerpt[side];
  const masks = (side === 'left' ? excerpt.leftMasks : excerpt.rightMasks) ?? [];
  let end = 0;
  return masks
    .filter((mask) => mask.length > 0 && mask.offset >= 0 && mask.offset + mask.length <= length)
    .toSorted((a, b) => a.offset - b.offset)
    .filter((mask) => {
      if (mask.offset < end) return false;
      end = mask.offset + mask.length;
      return true;
    });
}

/** As `maskedText`, for a part of the bytes. */
export function decodeMasked(
  bytes: Uint8Array,
  masks: readonly Mask[],
  side: Side,
  context: ClassifyContext,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const { offset, length, fact } of masks) {
    const open = OPEN[isEqualFact(fact, context) ? 'both' : side];
    parts.push(decode(bytes.subarray(at, offset)), `${open}${fact.slice(0, 80)}${CLOSE}`);
    at = offset + length;
  }
  parts.push(decode(bytes.subarray(at)));
  return parts.join('');
}

/** Whether both builders told the same value of a fact. */
export function isEqualFact(fact: string, { facts }: ClassifyContext): boolean {
  const [left, right] = [facts?.left[fact] ?? null, facts?.right[fact] ?? null];
  return left !== null && right !== null && String(left) === String(right);
}

/** Writes masks as a reader should see them. */
export function unmasked(text: string): string {
  return text.replace(MASKS, (whole, fact: string) => {
    if (whole.startsWith(OPEN.both)) return `<${fact}>`;
    return `<${fact}, ${whole.startsWith(OPEN.left) ? 'left' : 'right'}>`;
  });
}

/** Reads the fact of a mask that makes up a whole span. */
export function factOfMask(span: string): string {
  return span.slice(1, -1);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(RESERVED, '\ufffd');
}
