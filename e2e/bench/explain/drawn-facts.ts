import type { Chance, FactValue } from '#libs/divergence';

/** One fact of all builders of a round; null where it is missing. */
export type Column = readonly FactValue[];

/** How a fact comes to its values, and how often facts are of this kind. */
interface Kind {
  readonly weight: number;
  readonly draw: (builders: number, chance: Chance, before: readonly Column[]) => Column;
}

/**
 * Kinds of facts as fingerprints have them, declared ones of hundreds of facts included: most say the
 * same of all machines, many follow others, and some are as many as there are machines.
 */
const KINDS: readonly Kind[] = [
  // Architecture, source, command: the same everywhere.
  { weight: 24, draw: (builders) => times(builders, () => 'same') },
  // The same everywhere but on some machine.
  { weight: 8, draw: (builders, chance) => oddOneOut(builders, chance) },
  // Inside a container or not, tmpfs or not.
  { weight: 16, draw: (builders, chance) => binary(builders, chance) },
  // Systems, locales, filesystems, versions of tools.
  { weight: 14, draw: (builders, chance) => categories(builders, chance) },
  // Kernels follow systems, engines follow kernels: finer, coarser, or now and then another.
  { weight: 20, draw: follower },
  // Host names, homes, digests.
  { weight: 7, draw: (builders, chance) => times(builders, () => `only ${chance()}`) },
  // Free space, sizes of disks.
  { weight: 6, draw: (builders, chance) => times(builders, () => Math.floor(chance() * 2 ** 40)) },
  // Memory, processors, block sizes: few numbers, and in an order.
  { weight: 5, draw: (builders, chance) => times(builders, () => 2 ** (2 + below(5, chance))) },
];
const TOTAL_WEIGHT = KINDS.reduce((sum, { weight }) => sum + weight, 0);

/** Part of all facts that somebody withholds, or that some machine cannot read. */
const HAS_MISSING = 0.35;
const MOST_MISSING = 0.3;
const FOLLOWS_NOT = 0.1;

/** Draws the facts of a round's builders, column by column. */
export function drawFacts(builders: number, facts: number, chance: Chance): Column[] {
  const whole: Column[] = [];
  for (let at = 0; at < facts; at += 1) whole.push(drawKind(chance).draw(builders, chance, whole));
  return whole.map((column) => withMissing(column, chance));
}

function drawKind(chance: Chance): Kind {
  let rest = chance() * TOTAL_WEIGHT;
  return KINDS.find(({ weight }) => (rest -= weight) < 0) ?? KINDS[0]!;
}

function withMissing(column: Column, chance: Chance): Column {
  if (chance() >= HAS_MISSING) return column;
  const rate = chance() * MOST_MISSING;
  return column.map((value) => (chance() < rate ? null : value));
}

function oddOneOut(builders: number, chance: Chance): Column {
  const odd = below(builders, chance);
  return times(builders, (at) => at === odd);
}

function binary(builders: number, chance: Chance): Column {
  const rate = 0.1 + 0.8 * chance();
  return times(builders, () => chance() < rate);
}

/** Three to six values, some of them more frequent than others. */
function categories(builders: number, chance: Chance): Column {
  const values = 3 + below(4, chance);
  return times(builders, () => `value ${Math.floor(values * chance() ** 1.5)}`);
}

function follower(builders: number, chance: Chance, before: readonly Column[]): Column {
  const followed = before[below(Math.max(1, before.length), chance)];
  if (followed === undefined) return binary(builders, chance);
  switch (below(3, chance)) {
    case 0:
      return followed.map((value) => `${String(value)}.${below(3, chance)}`);
    case 1:
      return followed.map((value) => String(value).length % 2 === 0 || value === followed[0]);
    default: {
      const others = [...new Set(followed)];
      return followed.map((value) =>
        chance() < FOLLOWS_NOT ? others[below(others.length, chance)]! : value,
      );
    }
  }
}

/** Draws a whole number of [0, limit). */
export function below(limit: number, chance: Chance): number {
  return Math.floor(chance() * limit);
}

function times(count: number, make: (at: number) => FactValue): Column {
  return Array.from({ length: count }, (_, at) => make(at));
}
