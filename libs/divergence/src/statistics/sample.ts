import { compareText, quote } from '#libs/encoding';
import { DivergenceError } from '../error.js';
import type { FactValue, Observation } from '../explanation.js';

const MAX_OBSERVATIONS = 1000;

/** What counts once: the builders of one operator that got the same bytes. */
export interface Unit {
  /** The operator, or the builder where none is told. */
  readonly machine: string;
  /** Index into the sample's clusters. */
  readonly cluster: number;
  /** Indices into the sample's observations. */
  readonly members: readonly number[];
}

/** The builders of one round as units, and the clusters that they are in. */
export interface Sample {
  readonly observations: readonly Observation[];
  /** Larger clusters first, then by digest. */
  readonly clusters: readonly string[];
  readonly units: readonly Unit[];
}

/**
 * Takes the builders of a round. Builders of one operator share a park of machines: those of them
 * that got the same bytes are one unit, so that nobody makes evidence by running more of the same.
 * Where they got different bytes, each of the answers is a unit.
 *
 * @throws DivergenceError TOO_LARGE for more than 1,000 builders; BAD_CLUSTERS for one that is
 *   there twice
 */
export function sampleOf(told: readonly Observation[]): Sample {
  if (told.length > MAX_OBSERVATIONS) {
    const found = `${told.length} builders`;
    throw new DivergenceError('TOO_LARGE', `${found}: at most ${MAX_OBSERVATIONS} are compared`);
  }
  // Of two ways to part that are equally good, everybody has to find the same.
  const observations = told.toSorted((a, b) => compareText(a.builder, b.builder));
  const known = new Set<string>();
  const sizes = new Map<string, number>();
  for (const { builder, cluster } of observations) {
    if (known.has(builder)) {
      throw new DivergenceError('BAD_CLUSTERS', `builder ${quote(builder)} is there twice`);
    }
    known.add(builder);
    sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  }
  const clusters = [...sizes]
    .sort(([a, sizeA], [b, sizeB]) => sizeB - sizeA || compareText(a, b))
    .map(([digest]) => digest);
  return { observations, clusters, units: unitsOf(observations, clusters) };
}

function unitsOf(observations: readonly Observation[], clusters: readonly string[]): Unit[] {
  const units = new Map<string, Unit & { readonly members: number[] }>();
  for (const [at, { builder, operator, cluster }] of observations.entries()) {
    // A builder may be called like somebody's operator.
    const machine = JSON.stringify(operator === undefined ? [builder] : [operator, 'operator']);
    const key = `${machine} ${cluster}`;
    const unit = units.get(key);
    if (unit !== undefined) unit.members.push(at);
    else units.set(key, { machine, cluster: clusters.indexOf(cluster), members: [at] });
  }
  return [...units.values()];
}

/** Gives a builder's value of a fact, or null where it is missing. */
export function valueOf({ facts }: Observation, name: string): FactValue {
  // Names come from outside: `constructor` is no fact unless it was told.
  return Object.hasOwn(facts, name) ? (facts[name] ?? null) : null;
}
