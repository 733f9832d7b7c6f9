/** Gives numbers of [0, 1), evenly; the same ones again for the same beginning. */
export type Chance = () => number;

const GOLDEN = 0x9e3779b9;

/**
 * Makes a source of chance from a number: what is drawn can be drawn again by anybody.
 * For statistics only: nothing secret may come from it.
 *
 * Source: mulberry32 by Tommy Ettinger (public domain), a Weyl sequence through a mixing function.
 */
export function seededChance(seed: number): Chance {
  let state = Math.imul(seed | 0, GOLDEN) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
