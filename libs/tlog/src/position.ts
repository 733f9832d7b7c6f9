import { TlogError } from './error.js';

/** Largest size of a tree and largest index in one: what 64 bits hold. */
export const MAX_SIZE = 2n ** 64n - 1n;

/**
 * Takes a number of leaves.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= size < 2^64
 */
export function asSize(size: bigint): bigint {
  if (size >= 0n && size <= MAX_SIZE) return size;
  throw new TlogError('OUT_OF_RANGE', `${String(size)} is not a tree size: expected 0 to 2^64 - 1`);
}

/**
 * Takes the index of a leaf in a tree of `size` leaves.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 <= index < size < 2^64
 */
export function asIndex(index: bigint, size: bigint): bigint {
  if (index >= 0n && index < asSize(size)) return index;
  throw new TlogError(
    'OUT_OF_RANGE',
    `leaf ${String(index)} is not in a tree of ${String(size)} leaves`,
  );
}

/**
 * Takes two sizes of one growing tree.
 *
 * @throws TlogError OUT_OF_RANGE unless 0 < size1 <= size2 < 2^64: every tree grows out of the
 *   empty one, so a proof from size 0 would say nothing
 */
export function checkSizes(size1: bigint, size2: bigint): void {
  if (size1 > 0n && size1 <= asSize(size2)) return;
  throw new TlogError(
    'OUT_OF_RANGE',
    `no consistency proof leads from size ${String(size1)} to size ${String(size2)}: expected 0 < old size <= new size`,
  );
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,19})$/;

/** Reads a size or an index as C2SP texts write it: ASCII decimal below 2^64, no leading zero. */
export function parseDecimal(text: string): bigint | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_SIZE ? value : undefined;
}
