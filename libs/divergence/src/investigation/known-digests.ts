import type { KnownDigest } from '../classes/context.js';
import type { Difference } from '../difference.js';

/** The digests of everything that differs and has one, for finding them inside of other things. */
export function knownDigests(differences: readonly Difference[]): readonly KnownDigest[] {
  return differences.flatMap(({ location, left, right }) => {
    const [a, b] = [left?.['content'], right?.['content']];
    if (typeof a !== 'string' || typeof b !== 'string') return [];
    return [{ location, left: a, right: b }];
  });
}
