import { sha256 } from '#libs/encoding';
import type { Difference } from '../difference.js';
import type { MaskedBytes } from './byte-asker.js';

/** What two manifests tell of a file that differs. */
export type Told = Pick<Difference, 'left' | 'right'>;

/** Said of a file of which a side shows something else than its manifest tells. */
export const NOT_AS_TOLD =
  'what a builder shows of it is not what its manifest tells: the file itself was not looked at';

/** Whether two sizes are those that the manifests tell; they tell none where both are the same. */
export function areSizesAsTold(
  { left, right }: Told,
  leftBytes: number,
  rightBytes: number,
): boolean {
  const [ofLeft, ofRight] = [left?.['size'], right?.['size']];
  if (ofLeft === undefined && ofRight === undefined) return leftBytes === rightBytes;
  return (ofLeft ?? leftBytes) === leftBytes && (ofRight ?? rightBytes) === rightBytes;
}

/** Whether two files that are thought to be whole are those of the manifests. A masked one has no digest. */
export function areWholeAsTold(
  told: Told,
  [left, right]: readonly [MaskedBytes, MaskedBytes],
): boolean {
  return (
    areSizesAsTold(told, left.bytes.length, right.bytes.length) &&
    isContent(left, told.left?.['content']) &&
    isContent(right, told.right?.['content'])
  );
}

function isContent({ bytes, masks }: MaskedBytes, content: string | number | undefined): boolean {
  return content === undefined || masks.length > 0 || sha256(bytes) === content;
}
