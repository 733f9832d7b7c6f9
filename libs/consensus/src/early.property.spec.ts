import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ARTIFACT,
  ballotOf,
  built,
  DIGESTS,
  failed,
  question,
  reading,
  said,
} from './ballot.fixture.js';
import type { Standing } from './claim.js';
import { decide } from './decide.js';
import { parseThreshold } from './threshold.js';

const HOST = 'hostos/update-img';
const digestArb = fc.constantFrom(DIGESTS.expected, DIGESTS.expected, DIGESTS.x, DIGESTS.y);

/** Where a builder stands in the end: it built, read what is published, failed, or said nothing. */
const standingArb = (builder: string): fc.Arbitrary<Standing> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(digestArb, digestArb, fc.option(digestArb))
        .map(([guest, host, read]) =>
          said(
            built(
              builder,
              { [ARTIFACT]: guest, [HOST]: host },
              read === null ? [] : [reading(read, HOST)],
            ),
          ),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom('timeout', 'source-unavailable', 'source-unavailable')
        .map((name) => said(failed(builder, name))),
    },
    { weight: 1, arbitrary: fc.constantFrom<Standing>({ kind: 'absent' }, { kind: 'unrevealed' }) },
  );

/** Operators of one or two builders, how they end, and of whom nothing is known yet. */
const roundArb = fc
  .array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 6 })
  .chain((sizes) => {
    const roster = sizes.map((size, at) => ({
      operator: `op${at}`,
      builders: Array.from({ length: size }, (_, nth) => `op${at}-${nth}`),
    }));
    const builders = roster.flatMap((entry) => entry.builders);
    return fc.record({
      roster: fc.constant(roster),
      standings: fc
        .tuple(...builders.map(standingArb))
        .map((all) => new Map(all.map((standing, at) => [builders[at] ?? '', standing]))),
      outstanding: fc.subarray(builders),
      needed: fc.integer({
        min: Math.max(2, Math.floor(roster.length / 2) + 1),
        max: roster.length,
      }),
      phase: fc.constantFrom('open', 'revealing'),
    });
  });

test('a verdict that is told before the end is the one of the end, whoever is still to come', () => {
  const questions = [question(), question({ name: HOST, elected: false, expected: null })];
  let told = 0;
  fc.assert(
    fc.property(roundArb, ({ roster, standings, outstanding, needed, phase }) => {
      const ballot = ballotOf({ roster, questions, threshold: parseThreshold(String(needed)) });
      const sofar = new Map([
        ...standings,
        ...outstanding.map((builder): [string, Standing] => [builder, { kind: 'outstanding' }]),
      ]);
      const end = decide({ ...ballot, standings });
      for (const [at, early] of decide({ ...ballot, phase, standings: sofar }).entries()) {
        if (early.verdict === 'pending') continue;
        if (outstanding.length > 0) told += 1;
        expect(end[at]?.verdict).toBe(early.verdict);
        if (early.expected !== null) expect(end[at]?.expected).toBe(early.expected);
      }
    }),
    { numRuns: 1500 },
  );
  expect(told).toBeGreaterThan(100);
});
