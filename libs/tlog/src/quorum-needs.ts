import { TlogError } from './error.js';
import { requiredWitnesses } from './quorum.js';
import { NO_QUORUM, type WitnessPolicy } from './witness-policy.js';

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

/**
 * Refuses a policy by which two forks of a log could both find enough witnesses, and one that lists
 * witnesses whom its quorum does not count: whoever goes by the whole list would ask for more.
 *
 * @throws TlogError MALFORMED_POLICY
 */
export function requireForkSafe(policy: WitnessPolicy): void {
  const { least, of } = quorumNeeds(policy);
  const listed = policy.witnesses.length;
  const refuse = (message: string): never => {
    throw new TlogError('MALFORMED_POLICY', message);
  };
  if (of === 0) refuse('its quorum names no witness');
  if (of < listed) {
    refuse(`its quorum counts ${of} of ${listed} witnesses: take the lines of the others out`);
  }
  const required = requiredWitnesses(of);
  if (least < required) {
    refuse(
      `its quorum is reached by ${least} of ${of} witnesses: with fewer than ${required} two forks could both have enough`,
    );
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
