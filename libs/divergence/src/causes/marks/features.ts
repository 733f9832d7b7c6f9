import type { Mark } from '../cause.js';

/** A kernel writes to a filesystem with these as it mounts it: nobody has read what is there then. */
const PENDING = ['needs_recovery', 'orphan_present'];
/** Told instead of a list that is too long. */
const DIGEST = /^sha256:/;

/** What a tool or its settings leave: never a journal that waits for the next mount. */
export const featuresMark: Mark = {
  says: 'with the same left for the next mount to do (`needs_recovery`, `orphan_present`)',
  isIn: ({ difference: { left, right } }) => {
    const [a, b] = [String(left?.['features'] ?? ''), String(right?.['features'] ?? '')];
    if (a === b) return true;
    if (DIGEST.test(a) || DIGEST.test(b)) return false;
    const [onLeft, onRight] = [a.split(' '), b.split(' ')];
    return PENDING.every((name) => onLeft.includes(name) === onRight.includes(name));
  },
};
