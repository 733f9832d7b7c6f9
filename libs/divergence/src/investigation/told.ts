import { sha256 } from '#libs/encoding';
import type { Difference } from '../difference.js';
import type { SideName } from '../walk/ask.js';
import type { MaskedBytes } from './byte-asker.js';

/** What two manifests tell of a file that differs. */
export type Told = Pick<Difference, 'left' | 'right'>;

/** Said of a file of which a side shows something else than its manifest tells. */
export const NOT_AS_TOLD =
  'what a builder shows of it is not what its manifest tells: the file itself was not looked at';

/**
 * Names the sides of which a size is not the one that its manifest tells. Manifests tell of none where
 * both are the same: then nobody knows which of two is wrong.
 */
export function sizesNotAsTold(
  { left, right }: Told,
  leftBytes: number,
  rightBytes: number,
): readonly SideName[] {
  const [ofLeft, ofRight] = [left?.['size'], right?.['size']];
  if (ofLeft === undefined && ofRight === undefined) {
    return leftBytes === rightBytes ? [] : ['left', 'right'];
  }
  return sidesThat((ofLeft ?? leftBytes) !== leftBytes, (ofRight ?? rightBytes) !== rightBytes);
}

/**
 * Names the sides that show another file than their manifest tells of, of two that are thought to be
 * whole. Of a masked one its size alone is known.
 */
export function filesNotAsTold(
  told: Told,
  [left, right]: readonly [MaskedBytes, MaskedBytes],
): readonly SideName[] {
  const others = sidesThat(
    isOther(left, told.left?.['content']),
    isOther(right, told.right?.['content']),
  );
  return others.length > 0 ? others : sizesNotAsTold(told, left.bytes.length, right.bytes.length);
}

/** Names the sides of which something holds. */
export function sidesThat(isLeft: boolean, isRight: boolean): readonly SideName[] {
  return [...(isLeft ? (['left'] as const) : []), ...(isRight ? (['right'] as const) : [])];
}

function isOther({ bytes, masks }: MaskedBytes, content: string | number | undefined): boolean {
  return content !== undefined && masks.length === 0 && sha256(bytes) !== content;
}
