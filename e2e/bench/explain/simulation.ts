import {
  conclude,
  ExactTables,
  separators,
  type Chance,
  type Conclusion,
  type Observation,
} from '#libs/divergence';
import { below } from './drawn-facts.js';
import {
  drawCaused,
  drawIndependent,
  WAYS,
  type SimulatedRound,
  type Size,
  type Way,
} from './simulated-round.js';

/** What came of a simulated round. */
export interface Told {
  readonly conclusion: Conclusion;
  /** Whether the cause is in the first group; false where there is none. */
  readonly isFirst: boolean;
  /** Whether it is explained, and by the cause. */
  readonly isRight: boolean;
}

/** Explains a simulated round by its facts alone, as a real one is when no bytes can be had. */
export function tell(
  { observations, cause }: SimulatedRound,
  earlier: readonly (readonly Observation[])[],
  tables: ExactTables,
): Told {
  const { groups } = separators(observations, { earlier, tables });
  const evidence = { observations, separators: groups, comparisons: [] };
  const { conclusion, suspicions } = conclude(evidence);
  const isCause = (names: readonly string[]): boolean =>
    cause !== null && names.includes(cause.fact);
  return {
    conclusion,
    isFirst: isCause(groups[0]?.facts.map(({ name }) => name) ?? []),
    isRight: conclusion === 'explained' && suspicions.some(({ facts }) => isCause(facts)),
  };
}

/** Rounds from `fewest` to `most` builders, with 40 to 400 facts. */
export function drawSize(fewest: number, most: number, chance: Chance): Size {
  return { builders: fewest + below(most - fewest + 1, chance), facts: 40 + below(361, chance) };
}

/** How many of some rounds are told as wished. */
export interface Share {
  readonly hits: number;
  readonly rounds: number;
}

/** Rounds that no fact has split: how many are `explained` nevertheless. */
export function falseAlarms(rounds: number, chance: Chance): Share {
  const tables = new ExactTables();
  let hits = 0;
  for (let round = 0; round < rounds; round += 1) {
    const drawn = drawIndependent(drawSize(5, 20, chance), chance);
    if (tell(drawn, [], tables).conclusion === 'explained') hits += 1;
  }
  return { hits, rounds };
}

/**
 * Groups of five to twelve builders that split in the same way in each of six rounds, for a reason
 * that nobody recorded, with machines that stay as they are.
 */
export function falseAlarmsOfHabit(groups: number, chance: Chance): Share {
  const tables = new ExactTables();
  let hits = 0;
  for (let group = 0; group < groups; group += 1) {
    const drawn = drawIndependent(drawSize(5, 12, chance), chance);
    const earlier = Array.from({ length: 5 }, (_, round) => againAs(drawn, round));
    if (tell(drawn, earlier, tables).conclusion === 'explained') hits += 1;
  }
  return { hits, rounds: groups };
}

function againAs({ observations }: SimulatedRound, round: number): Observation[] {
  return observations.map((observation) => ({
    ...observation,
    cluster: `${observation.cluster} of round ${round}`,
  }));
}

/** Which rounds that one fact has split are asked for. */
export interface Wanted {
  readonly rounds: number;
  readonly fewest: number;
  readonly most: number;
  readonly smallestSide: number;
}

/** Rounds that one fact has split: in how many it is as wished, in all and by the way it did. */
export function found(
  { fewest, most, smallestSide, rounds }: Wanted,
  wish: 'isFirst' | 'isRight',
  chance: Chance,
): ReadonlyMap<Way | 'in any way', Share> {
  const tables = new ExactTables();
  const shares = new Map<Way | 'in any way', { hits: number; rounds: number }>();
  for (const way of ['in any way', ...WAYS] as const) shares.set(way, { hits: 0, rounds: 0 });
  for (let drawn = 0; drawn < rounds;) {
    const round = drawCaused(drawSize(fewest, most, chance), smallestSide, chance);
    if (round?.cause == null) continue;
    drawn += 1;
    const isAsWished = tell(round, [], tables)[wish];
    for (const way of ['in any way', round.cause.way] as const) {
      const share = shares.get(way)!;
      share.rounds += 1;
      if (isAsWished) share.hits += 1;
    }
  }
  return shares;
}
