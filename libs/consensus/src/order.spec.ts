import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ARTIFACT, DIGESTS, built, failed, question, reading, said } from './ballot.fixture.js';
import type { Claim, Standing } from './claim.js';
import { decide, type Ballot } from './decide.js';
import { parseThreshold } from './threshold.js';

const HOST = 'hostos/update-img';
const SETUP = 'setupos/disk-img';
const OPERATORS = ['alice', 'bob', 'carol', 'dan'];
const BUILDERS = OPERATORS.flatMap((operator) => [`${operator}-1`, `${operator}-2`]);

const digestArb = fc.constantFrom(DIGESTS.expected, DIGESTS.x, DIGESTS.y);
const observationArb = fc
  .tuple(
    digestArb,
    fc.constantFrom(ARTIFACT, HOST, SETUP),
    fc.constantFrom('cdn-sums', 'cdn-bytes'),
  )
  .map(([digest, artifact, source]) => reading(digest, artifact, source as 'cdn-sums'));

const claimArb = (builder: string): fc.Arbitrary<Claim> =>
  fc.oneof(
    fc
      .record({
        guest: fc.option(digestArb),
        host: fc.option(digestArb),
        setup: fc.option(digestArb),
        read: fc.array(observationArb, { maxLength: 3 }),
      })
      .map(({ guest, host, setup, read }) => {
        const digests = [
          [ARTIFACT, guest],
          [HOST, host],
          [SETUP, setup],
        ].filter(([, digest]) => digest !== null);
        return built(builder, Object.fromEntries(digests) as Record<string, never>, read);
      }),
    fc.constantFrom('timeout', 'out-of-space').map((name) => failed(builder, name)),
  );

const standingArb = (builder: string): fc.Arbitrary<Standing> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.array(claimArb(builder), { maxLength: 3 }).map((c) => said(...c)) },
    { weight: 1, arbitrary: fc.constantFrom<Standing>({ kind: 'absent' }, { kind: 'unrevealed' }) },
    { weight: 1, arbitrary: fc.constant<Standing>({ kind: 'outstanding' }) },
  );

const ballotArb: fc.Arbitrary<Ballot> = fc
  .record({
    standings: fc.tuple(...BUILDERS.map(standingArb)),
    phase: fc.constantFrom('open', 'revealing', 'final'),
    late: fc.subarray(BUILDERS, { maxLength: 2 }),
  })
  .map(({ standings, phase, late }) => ({
    roster: OPERATORS.map((operator) => ({
      operator,
      builders: [`${operator}-1`, `${operator}-2`],
    })),
    threshold: parseThreshold('3'),
    phase: phase,
    questions: [
      question(),
      question({ name: HOST, elected: false, expected: null }),
      question({ name: SETUP, elected: false, expected: null, embeds: [ARTIFACT, HOST] }),
    ],
    standings: new Map(standings.map((standing, at) => [BUILDERS[at]!, standing])),
    late: new Set(late),
    roundFlags: new Map(),
  }));

/** Reorders a list by random keys. */
const reorder = <T>(list: readonly T[], keys: readonly number[]): readonly T[] =>
  list
    .map((item, at) => ({ item, key: keys[at % keys.length] ?? 0 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);

test('a verdict does not depend on the order of roster, builders, claims, readings or maps', () => {
  const keysArb = fc.array(fc.nat(), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(ballotArb, keysArb, (ballot, keys) => {
      const shuffledClaim = (claim: Claim): Claim =>
        claim.kind === 'failed'
          ? claim
          : {
              ...claim,
              digests: new Map(reorder([...claim.digests], keys)),
              observations: reorder(claim.observations, keys),
            };
      const shuffled: Ballot = {
        ...ballot,
        roster: reorder(
          ballot.roster.map(({ operator, builders }) => ({
            operator,
            builders: reorder(builders, keys),
          })),
          keys,
        ),
        standings: new Map(
          reorder([...ballot.standings], keys).map(([builder, standing]) => [
            builder,
            standing.kind === 'said'
              ? said(...reorder(standing.claims.map(shuffledClaim), keys))
              : standing,
          ]),
        ),
        late: new Set(reorder([...ballot.late], keys)),
      };
      expect(decide(shuffled)).toEqual(decide(ballot));
    }),
    { numRuns: 400 },
  );
});

test('artifacts do not disturb each other: asking for fewer changes nothing but what they imply', () => {
  fc.assert(
    fc.property(ballotArb, fc.nat({ max: 1 }), (ballot, at) => {
      const alone = decide({ ...ballot, questions: [ballot.questions[at]!] });
      expect(alone).toEqual([decide(ballot)[at]]);
    }),
    { numRuns: 100 },
  );
});
