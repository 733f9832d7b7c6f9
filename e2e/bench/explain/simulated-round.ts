import type { Chance, Observation } from '#libs/divergence';
import { below, drawFacts, type Column } from './drawn-facts.js';

/** How a recorded fact makes a build differ. */
export const WAYS = ['by its value', 'by one of its values', 'by its size'] as const;
export type Way = (typeof WAYS)[number];

/** A round whose split has a known cause, or none. */
export interface SimulatedRound {
  readonly observations: readonly Observation[];
  /** The fact that made the split; null where no recorded fact has a say. */
  readonly cause: { readonly fact: string; readonly way: Way } | null;
}

/** How large a round is. */
export interface Size {
  readonly builders: number;
  readonly facts: number;
}

const MAX_CLUSTERS = 5;

/** Draws a round of a size, split by what is no fact of it: by chance. */
export function drawIndependent({ builders, facts }: Size, chance: Chance): SimulatedRound {
  const columns = drawFacts(builders, facts, chance);
  for (;;) {
    // Two clusters in half of the rounds, up to five in the others, of any sizes.
    const clusters = chance() < 0.5 ? 2 : 2 + below(MAX_CLUSTERS - 1, chance);
    const weight = 0.1 + 0.9 * chance();
    const split = columns[0]?.map(() =>
      chance() < weight ? `${below(clusters, chance)}` : `${clusters - 1}`,
    );
    if (split !== undefined && new Set(split).size > 1) {
      return { observations: observe(columns, split), cause: null };
    }
  }
}

/**
 * Draws a round that one of its facts has split: any fact that all have told, and any way in which
 * it can split the round into clusters of at least `smallestSide` builders, two clusters where that
 * is more than one. Null where the facts that were drawn cannot.
 */
export function drawCaused(
  { builders, facts }: Size,
  smallestSide: number,
  chance: Chance,
): SimulatedRound | null {
  const columns = drawFacts(builders, facts, chance);
  const start = below(facts, chance);
  for (let step = 0; step < facts; step += 1) {
    const at = (start + step) % facts;
    const column = columns[at] ?? [];
    if (column.includes(null)) continue;
    const ways = WAYS.flatMap((way) => {
      const split = splitBy(column, way, chance);
      return split !== null && fits(split, smallestSide) ? [{ way, split }] : [];
    });
    const drawn = ways[below(ways.length, chance)];
    if (drawn === undefined) continue;
    const cause = { fact: nameOf(at), way: drawn.way };
    return { observations: observe(columns, drawn.split), cause };
  }
  return null;
}

function splitBy(column: Column, way: Way, chance: Chance): string[] | null {
  const values = [...new Set(column)];
  switch (way) {
    case 'by its value':
      // Of what is another for each builder, nobody could tell that it is a cause.
      return values.length > MAX_CLUSTERS || values.length === column.length
        ? null
        : column.map(String);
    case 'by one of its values': {
      // What only one machine has is the machine; of two values, each is the other's opposite.
      if (values.length < 3 || values.length > column.length / 2) return null;
      const special = values[below(values.length, chance)];
      return column.map((value) => String(value === special));
    }
    case 'by its size': {
      if (values.length < 3 || values.some((value) => typeof value !== 'number')) return null;
      const numbers = values.map(Number).sort((a, b) => a - b);
      const cut = numbers[1 + below(numbers.length - 1, chance)] ?? 0;
      return column.map((value) => String(Number(value) < cut));
    }
  }
}

function fits(split: readonly string[], smallestSide: number): boolean {
  const sizes = sizesOf(split);
  if (sizes.length < 2 || (smallestSide > 1 && sizes.length > 2)) return false;
  return Math.min(...sizes) >= smallestSide;
}

function sizesOf(split: readonly string[]): number[] {
  return [...Map.groupBy(split, (cluster) => cluster).values()].map(({ length }) => length);
}

function observe(columns: readonly Column[], split: readonly string[]): Observation[] {
  return split.map((cluster, builder) => ({
    builder: `builder-${builder}`,
    cluster,
    facts: Object.fromEntries(columns.map((column, at) => [nameOf(at), column[builder] ?? null])),
  }));
}

function nameOf(column: number): string {
  return `fact-${String(column).padStart(3, '0')}`;
}
