import type { Stratum } from './draws.js';
import { keyOf, MISSING, renumber, type Partition } from './partition.js';
import type { Sample } from './sample.js';

/** The units of one round that count, and which of the round's they are. */
export interface TellingStratum extends Stratum {
  /** Names the round, its units and their parts: equal parts of other units are another way. */
  readonly key: string;
}

/**
 * Gives the units that have told a fact, round by round, this round first; rounds that have nothing
 * to say are left out. Each machine counts once, in the newest round in which it told the fact: ten
 * rounds of the same five machines are five machines, and what made one of them differ in each of
 * the ten need not be any of the facts that it has had in all of them.
 */
export function tellingStrata(
  sample: Sample,
  partition: Partition,
  earlier: readonly Sample[],
  before: readonly Partition[],
): TellingStratum[] {
  const counted = new Set<string>();
  const own = stratumOf(sample, partition, counted, 0);
  if (!tells(own)) return [];
  const others = earlier.flatMap((round, at) => {
    const earlierPartition = before[at];
    if (earlierPartition === undefined) return [];
    const stratum = stratumOf(round, earlierPartition, counted, at + 1);
    return tells(stratum) ? [stratum] : [];
  });
  return [own, ...others];
}

function stratumOf(
  { units }: Sample,
  { labels }: Partition,
  counted: Set<string>,
  age: number,
): TellingStratum {
  const parts = units.map(({ machine }, unit) =>
    counted.has(machine) ? MISSING : (labels[unit] ?? MISSING),
  );
  const told = units.flatMap(({ machine, cluster }, unit) => {
    const label = parts[unit] ?? MISSING;
    return label === MISSING ? [] : [{ machine, cluster, label }];
  });
  // Only now: an operator whose builders got different bytes has several units in one round.
  for (const { machine } of told) counted.add(machine);
  return {
    key: `${age}:${keyOf(renumber(parts))}`,
    labels: told.map(({ label }) => label),
    clusters: told.map(({ cluster }) => cluster),
  };
}

/** Whether chance could have made it otherwise: there are two clusters, and two values. */
function tells({ labels, clusters }: Stratum): boolean {
  return new Set(labels).size > 1 && new Set(clusters).size > 1;
}
