import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256, type Sha256 } from '#libs/encoding';
import { ARTIFACT, DIGESTS, ballotOf, built, decideOne, showing } from './ballot.fixture.js';
import type { Claim } from './claim.js';
import { OPENED, standingsOf } from './round.js';
import { parseThreshold } from './threshold.js';

type Work = Readonly<Record<string, Sha256 | null>>;
const HONEST: Work = { tree: sha256('tree'), linked: sha256('linked') };

/** What a builder may tell of its way; all but the first did not go it. */
const workArb = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Work>(HONEST) },
  fc.constantFrom<Work>(
    {},
    { tree: sha256('tree') },
    { tree: sha256('tree'), linked: null },
    { tree: DIGESTS.expected, linked: DIGESTS.expected },
    { tree: sha256('tree'), linked: sha256('guessed') },
    { tree: sha256('linked'), linked: sha256('tree') },
  ),
);

interface Told {
  readonly operator: string;
  readonly builder: string;
  readonly digest: Sha256;
  readonly work: Work;
}

const roundArb = fc
  .array(
    fc.array(fc.record({ digest: fc.constantFrom(DIGESTS.expected, DIGESTS.x), work: workArb }), {
      minLength: 1,
      maxLength: 2,
    }),
    { minLength: 2, maxLength: 6 },
  )
  .chain((operators) => {
    const told: readonly Told[] = operators.flatMap((builders, at) =>
      builders.map((one, nth) => ({
        ...{ operator: `op${at}`, builder: `op${at}-${nth}` },
        ...one,
      })),
    );
    const needed = fc.integer({
      min: Math.max(2, Math.floor(operators.length / 2) + 1),
      max: operators.length,
    });
    return fc.tuple(fc.constant(told), needed, fc.subarray(told.map(({ builder }) => builder)));
  });

/** Whether the work is shown, once these builders kept their reveals to themselves. */
function isShown(told: readonly Told[], needed: number, withheld: readonly string[] = []): boolean {
  const claims = new Map<string, Claim>(
    told
      .filter(({ builder }) => !withheld.includes(builder))
      .map(({ builder, digest, work }) => [
        builder,
        showing(built(builder, { [ARTIFACT]: digest }), work),
      ]),
  );
  const builders = told.map(({ builder }) => builder);
  const commits = new Map(builders.map((builder) => [builder, builder]));
  const operators = [...new Set(told.map(({ operator }) => operator))];
  return decideOne(
    ballotOf({
      roster: operators.map((operator) => ({
        operator,
        builders: told.filter((one) => one.operator === operator).map(({ builder }) => builder),
      })),
      threshold: parseThreshold(String(needed)),
      standings: standingsOf({ ...OPENED, phase: 'final', commits, claims }, builders),
    }),
  ).flags.includes('work-shown');
}

const didIt = ({ work }: Told): boolean => work === HONEST;

test('nobody shows work by withholding a reveal', () => {
  fc.assert(
    fc.property(roundArb, ([told, needed, withheld]) => {
      if (isShown(told, needed, withheld)) expect(isShown(told, needed)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('without as many operators that built, no copiers add up to shown work unless they agree', () => {
  fc.assert(
    fc.property(roundArb, ([told, needed]) => {
      const byOperator = Map.groupBy(told, ({ operator }) => operator);
      // Each copier has its own guess: who hands digests round is a colluder, and beyond this.
      const apart = told.map((one) =>
        didIt(one) ? one : { ...one, work: { ...one.work, linked: sha256(one.builder) } },
      );
      const honest = [...byOperator.values()].filter((builders) => builders.every(didIt)).length;
      if (honest < needed) expect(isShown(apart, needed)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('as many operators that built the same are enough, whatever the others tell', () => {
  fc.assert(
    fc.property(roundArb, ([told, needed]) => {
      const operators = [...new Set(told.map(({ operator }) => operator))].slice(0, needed);
      const better = told.map((one) =>
        operators.includes(one.operator) ? { ...one, digest: DIGESTS.expected, work: HONEST } : one,
      );
      expect(isShown(better, needed)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('the order of builders does not matter', () => {
  fc.assert(
    fc.property(roundArb, ([told, needed]) => {
      expect(isShown(told.toReversed(), needed)).toBe(isShown(told, needed));
    }),
  );
});
