import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ARTIFACT,
  DIGESTS,
  ballotOf,
  built,
  decideOne,
  failed,
  question,
  reading,
} from './ballot.fixture.js';
import type { Claim, Observation } from './claim.js';
import { OPENED, standingsOf, type RoundState } from './round.js';
import { parseThreshold } from './threshold.js';
import type { Verdict } from './verdict.js';

/** Operators of one to three builders each. */
const rosterArb = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 6 })
  .map((sizes) =>
    sizes.map((size, at) => ({
      operator: `op${at}`,
      builders: Array.from({ length: size }, (_, n) => `op${at}-${n}`),
    })),
  );

const digestArb = fc.constantFrom(DIGESTS.expected, DIGESTS.expected, DIGESTS.x, DIGESTS.y);
const saidArb = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      digest: digestArb,
      read: fc.array(fc.constantFrom<Observation>(reading(DIGESTS.expected), reading(DIGESTS.x)), {
        maxLength: 2,
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constant('failed' as const) },
  { weight: 1, arbitrary: fc.constant('absent' as const) },
);

/** A round in which every commit was revealed, for an elected or an advisory artifact. */
const roundArb = rosterArb.chain((roster) => {
  const builders = roster.flatMap((entry) => entry.builders);
  return fc
    .tuple(
      fc.array(saidArb, { minLength: builders.length, maxLength: builders.length }),
      fc.integer({ min: Math.floor(roster.length / 2) + 1, max: roster.length }),
      fc.boolean(),
      fc.subarray(builders),
    )
    .filter(([, needed]) => needed >= 2)
    .map(([said, needed, isElected, withheld]) => {
      const claims = new Map<string, Claim>();
      for (const [at, builder] of builders.entries()) {
        const what = said[at]!;
        if (what === 'absent') continue;
        claims.set(
          builder,
          what === 'failed'
            ? failed(builder)
            : built(builder, { [ARTIFACT]: what.digest }, what.read),
        );
      }
      const state: RoundState = {
        ...OPENED,
        phase: 'final',
        commits: new Map([...claims.keys()].map((builder) => [builder, builder])),
        claims,
      };
      return { roster, builders, needed, isElected, withheld, state };
    });
});

type Round = typeof roundArb extends fc.Arbitrary<infer T> ? T : never;

function verdictOf({ roster, builders, needed, isElected }: Round, state: RoundState): Verdict {
  return decideOne(
    ballotOf({
      roster,
      threshold: parseThreshold(String(needed)),
      questions: [isElected ? question() : question({ elected: false, expected: null })],
      standings: standingsOf(state, builders),
    }),
  ).verdict;
}

/** The round after some builders kept their reveals to themselves. */
function without({ state }: Round, withheld: readonly string[]): RoundState {
  const claims = new Map([...state.claims].filter(([builder]) => !withheld.includes(builder)));
  return { ...state, claims };
}

test('nobody creates `reproduced`, nor any other winner, by withholding a reveal', () => {
  fc.assert(
    fc.property(roundArb, (round) => {
      const before = verdictOf(round, round.state);
      const after = verdictOf(round, without(round, round.withheld));
      if (after === 'reproduced') expect(before).toBe('reproduced');
      if (after === 'contradicted') expect(before).toBe('contradicted');
    }),
    { numRuns: 1500 },
  );
});

test('withholding voids the whole operator: its other builder’s digest does not count alone', () => {
  const roster = [
    { operator: 'a', builders: ['a-1'] },
    { operator: 'b', builders: ['b-1', 'b-2'] },
    { operator: 'c', builders: ['c-1'] },
  ];
  const claims = new Map<string, Claim>([
    ['a-1', built('a-1', { [ARTIFACT]: DIGESTS.expected })],
    ['b-1', built('b-1', { [ARTIFACT]: DIGESTS.expected })],
    ['b-2', built('b-2', { [ARTIFACT]: DIGESTS.x })],
    ['c-1', failed('c-1')],
  ]);
  const builders = [...claims.keys()];
  const state: RoundState = {
    ...OPENED,
    phase: 'final',
    commits: new Map(builders.map((builder) => [builder, builder])),
    claims,
  };
  const round = { roster, builders, needed: 2, isElected: true, withheld: ['b-2'], state };
  expect(verdictOf(round, state)).toBe('insufficient');
  expect(verdictOf(round, without(round, ['b-2']))).toBe('insufficient');
});
