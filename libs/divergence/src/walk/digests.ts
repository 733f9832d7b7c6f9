import type { KnownDigest } from '../classes/context.js';
import type { Walk } from './walk.js';

/**
 * The digests of all that differs and that a walk came upon, containers included: what may stand in
 * another file that differs because of it.
 */
export function digestsOf({ differences, consequences }: Walk): KnownDigest[] {
  return [...differences, ...consequences].flatMap(({ location, left, right }) => {
    const [inLeft, inRight] = [text(left?.['content']), text(right?.['content'])];
    return inLeft === null && inRight === null ? [] : [{ location, left: inLeft, right: inRight }];
  });
}

function text(value: string | number | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
