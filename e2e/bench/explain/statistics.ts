import { seededChance } from '#libs/divergence';
import type { Figure, Setting } from '../benchmark.js';
import { falseAlarms, falseAlarmsOfHabit, found, type Share, type Wanted } from './simulation.js';

/** Rounds of each kind; fewer where everything is only tried. */
const FULL = { noise: 10_000, habit: 1000, first: 3000, explained: 1000 };
const QUICK = { noise: 200, habit: 40, first: 60, explained: 30 };

const MOST_FALSE = 0.01;
const FEWEST_FOUND = 0.95;

/**
 * Explains simulated rounds by their facts alone, and counts how often that is right. The same rounds
 * are drawn each time.
 */
export function simulate({ isQuick, tell }: Setting): Figure[] {
  const count = isQuick ? QUICK : FULL;
  const startMs = performance.now();
  tell('rounds of 5 to 20 builders and 40 to 400 facts: most of them the same on all machines,');
  tell('many that follow others, numbers and names of each machine alone, a third with gaps');
  const noise = falseAlarms(count.noise, seededChance(1));
  const noiseMs = performance.now() - startMs;
  return [
    {
      ...limit('explained, though no fact has a say', noise, MOST_FALSE),
      rate: `${drawn(noise)}, ${(noiseMs / noise.rounds).toFixed(1)} ms each`,
    },
    limit(
      'the same, six rounds of one group',
      falseAlarmsOfHabit(count.habit, seededChance(2)),
      MOST_FALSE,
    ),
    ...goal('in the first group, 8 to 20 builders', 'isFirst', 3, {
      ...{ fewest: 8, most: 20, smallestSide: 1, rounds: count.first },
    }),
    ...goal('in the first group, 8 builders', 'isFirst', 4, {
      ...{ fewest: 8, most: 8, smallestSide: 1, rounds: count.explained },
    }),
    ...goal('explained, 20 builders, 7 or more a side', 'isRight', 5, {
      ...{ fewest: 20, most: 20, smallestSide: 7, rounds: count.explained },
    }),
  ];
}

function limit(what: string, share: Share, most: number): Figure {
  return {
    ...{ what, rate: drawn(share), ratio: null },
    sentence: `${what}: ${percent(share)} of rounds (at most ${most * 100} %)`,
    isMissed: share.hits > most * share.rounds,
  };
}

function goal(what: string, wish: 'isFirst' | 'isRight', seed: number, wanted: Wanted): Figure[] {
  return [...found(wanted, wish, seededChance(seed))].map(([way, share]): Figure => ({
    ...{ what: way === 'in any way' ? what : `  ${way}`, rate: drawn(share), ratio: null },
    ...(way === 'in any way' && {
      sentence: `the cause ${what}: ${percent(share)} of rounds (at least ${FEWEST_FOUND * 100} %)`,
      isMissed: share.hits < FEWEST_FOUND * share.rounds,
    }),
  }));
}

function drawn({ hits, rounds }: Share): string {
  return `${hits.toLocaleString('en')} of ${rounds.toLocaleString('en')}`;
}

function percent({ hits, rounds }: Share): string {
  return `${((100 * hits) / rounds).toFixed(2)} %`;
}
