import {
  decide as decideBallot,
  parseThreshold,
  type Ballot,
  type Standing,
} from '#libs/consensus';
import { sha256 } from '#libs/encoding';
import type { Benchmark } from './benchmark.js';
import { race } from './race.js';

const ARTIFACTS = ['guestos', 'measurements', 'recovery', 'hostos', 'setupos'];
const ROUNDS = 200;
/** How many different digests there are of each artifact. */
const ANSWERS = 4;

/** The count of a whole round, of all its artifacts at once. */
export const decide: Benchmark = {
  name: 'decide',
  question: `rounds of ${ARTIFACTS.length} artifacts: five operators, and a hundred`,
  run: () =>
    race(
      [5, 100].map((operators) => {
        const ballot = ballotOf(operators);
        return {
          what: `${operators} operators`,
          amount: ROUNDS,
          unit: 'rounds',
          lap: () => {
            for (let round = 0; round < ROUNDS; round += 1) decideBallot(ballot);
          },
        };
      }),
    ),
};

function ballotOf(count: number): Ballot {
  const roster = Array.from({ length: count }, (_, at) => ({
    operator: `operator-${at}`,
    builders: [`builder-${at}`],
  }));
  const published = 'https://download.dfinity.systems/';
  return {
    roster,
    threshold: parseThreshold('2/3'),
    phase: 'final',
    questions: ARTIFACTS.map((name, at) => ({
      name,
      elected: at === 0,
      expected: sha256(`${name} 0`),
      embeds: name === 'setupos' ? ['hostos', 'guestos'] : [],
    })),
    standings: new Map(
      roster.map(({ builders: [builder = ''] }, at): [string, Standing] => [
        builder,
        {
          kind: 'said',
          claims: [
            {
              kind: 'built',
              builder,
              digests: new Map(ARTIFACTS.map((name) => [name, sha256(`${name} ${at % ANSWERS}`)])),
              observations: ARTIFACTS.map((artifact) => ({
                ...{ artifact, source: 'cdn-sums', url: published },
                digest: sha256(`${artifact} 0`),
              })),
            },
          ],
        },
      ]),
    ),
    late: new Set(),
    roundFlags: new Map(),
  };
}
