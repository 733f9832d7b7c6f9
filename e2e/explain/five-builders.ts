import type { FactValue, Observation } from '#libs/divergence';
import { sha256 } from '#libs/encoding';
import { catalogue } from '#libs/fingerprint';
import { isOwnEachTime } from './truth.js';
import type { Truth } from './truth.js';

/** One builder that really built, in surroundings that were really measured. */
export interface MeasuredBuilder {
  /** Of the artifact that is looked at. */
  readonly digest: string;
  /** As it would publish them. */
  readonly facts: Readonly<Record<string, FactValue>>;
}

type Side = 'left' | 'right';

/** The first of either side is the measured one, the others are drawn. */
const SIDES: readonly Side[] = ['left', 'right', 'left', 'left', 'right'];

/**
 * Makes five builders of two that really built: three are copies of one of them, with its bytes,
 * and with everything that cannot have led to these drawn anew from what either of the two has and a
 * third value. What decides about the bytes, and what goes with it, stays as it was measured. Where
 * every build has bytes of its own, each of the five has.
 */
export function fiveBuilders(
  measured: Readonly<Record<Side, MeasuredBuilder>>,
  truths: readonly Pick<Truth, 'fact' | 'follows' | 'conclusion'>[],
  seed: string,
): readonly Observation[] {
  const kept = new Set<string | null>(truths.flatMap(({ fact, follows }) => [fact, ...follows]));
  const isEachItsOwn = isOwnEachTime(truths);
  return SIDES.map((side, at) => {
    const builder = `builder-${at + 1}`;
    const { digest: cluster, facts } = measured[side];
    if (at === SIDES.indexOf(side)) return { builder, cluster, facts };
    const drawn = catalogue.map(({ name }) => {
      const told = [measured.left.facts[name] ?? null, measured.right.facts[name] ?? null] as const;
      if (kept.has(name)) return [name, facts[name] ?? null] as const;
      return [name, draw(told, `${seed} ${builder} ${name}`)] as const;
    });
    return {
      builder,
      cluster: isEachItsOwn ? sha256(Buffer.from(`${seed} ${builder}`)) : cluster,
      facts: Object.fromEntries(drawn),
    };
  });
}

/** One of both values, or a third; always the same one for a seed. */
function draw(told: readonly [FactValue, FactValue], seed: string): FactValue {
  const chance = Number.parseInt(sha256(Buffer.from(seed)).slice(0, 8), 16);
  const value = told[chance % 2] ?? null;
  if (chance % 6 > 1) return value;
  if (typeof value === 'number') return 2 * value + 1;
  return typeof value === 'string' ? `${value}, another` : value;
}
