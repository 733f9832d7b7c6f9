import { NO_QUORUM, type WitnessPolicy } from '#libs/tlog';

/** How many witnesses a name in a policy stands for, and how few of them speak for it. */
export interface QuorumNeeds {
  /** The fewest witnesses with which it vouches. */
  readonly least: number;
  /** All witnesses that are counted for it. */
  readonly of: number;
}

/**
 * Tells how few witnesses reach a policy's quorum, of how many that it counts: every set that reaches
 * it has at least so many. Witnesses outside of the quorum count for nothing.
 */
export function quorumNeeds({ witnesses, groups, quorum }: WitnessPolicy): QuorumNeeds {
  const needs = new Map<string, QuorumNeeds>([[NO_QUORUM, { least: 0, of: 0 }]]);
  for (const { name } of witnesses) needs.set(name, { least: 1, of: 1 });
  // Groups only name what stands above them.
  for (const { name, threshold, members } of groups) {
    const all = members.map((member) => needs.get(member) ?? { least: 0, of: 0 });
    const cheapest = all.map(({ least }) => least).toSorted((a, b) => a - b);
    needs.set(name, {
      least: sum(cheapest.slice(0, threshold)),
      of: sum(all.map(({ of }) => of)),
    });
  }
  return needs.get(quorum) ?? { least: 0, of: 0 };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
