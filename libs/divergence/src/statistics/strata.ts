import type { Stratum } from './draws.js';
import { MISSING, type Partition } from './partition.js';
import type { Sample } from './sample.js';

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
): Stratum[] {
  const counted = new Set<string>();
  const own = stratumOf(sample, partition, counted);
  if (!tells(own)) return [];
  const others = earlier.flatMap((round, at) => {
    const earlierPartition = before[at];
    if (earlierPartition === undefined) return [];
    const stratum = stratumOf(round, earlierPartition, counted);
    return tells(stratum) ? [stratum] : [];
  });
  return [own, ...others];
}

function stratumOf({ units }: Sample, { labels }: Partition, counted: Set<string>): Stratum {
  const told = units.flatMap(({ machine, cluster }, unit) => {
    const label = labels[unit] ?? MISSING;
    return label === MISSING || counted.has(machine) ? [] : [{ machine, cluster, label }];
  });
  // Only now: an operator whose builders got different bytes has several units in one round.
  for (const { machine } of told) counted.add(machine);
  return {
    labels: told.map(({ label }) => label),
    clusters: told.map(({ cluster }) => cluster),
  };
}

/** Whether chance could have made it otherwise: there are two clusters, and two values. */
function tells({ labels, clusters }: Stratum): boolean {
  return new Set(labels).size > 1 && new Set(clusters).size > 1;
}
