import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ask } from './ask.js';
import type { Candidate } from './candidate.js';
import { candidate, NOON } from './candidate.fixture.js';
import { choose } from './choose.js';
import { Coverage, demandsOf } from './demand.js';
import { fewest } from './search.js';

const countArb = fc.integer({ min: 1, max: 4 });
const machineArb = fc.record({
  operator: fc.constantFrom('a', 'b', 'c', 'd'),
  virtualisation: fc.constantFrom('none', 'kvm', 'xen', null),
  tags: fc.subarray(['eu', 'us']),
  calibration: fc.constantFrom('none' as const, 'passed' as const, 'suspect' as const),
  isBusy: fc.boolean(),
  lastInvitedAt: fc.option(fc.integer({ min: 1, max: 5 })),
});
const candidatesArb = fc
  .array(machineArb, { maxLength: 8 })
  .map((machines) =>
    machines.map(({ virtualisation, ...rest }, at) =>
      candidate(`b${at}`, { ...rest, facts: { virtualisation } }),
    ),
  );
const whereArb = fc.constantFrom(
  { virtualisation: 'none' },
  { tags: ['eu'] },
  { virtualisation: 'kvm', tags: ['us'] },
);
const askArb: fc.Arbitrary<Ask> = fc.record(
  {
    operators: countArb,
    builders: countArb,
    atLeast: fc.array(fc.record({ count: fc.integer({ min: 1, max: 2 }), where: whereArb }), {
      maxLength: 2,
    }),
    distinct: fc.array(
      fc.record({
        fact: fc.constantFrom(
          'virtualisation' as const,
          'hypervisor' as const,
          'operator' as const,
        ),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['operators'] },
);

const isMet = (ask: Ask, chosen: readonly Candidate[]): boolean =>
  Coverage.of(demandsOf(ask), chosen).open().length === 0;

/** The size of the smallest set that meets an ask, by trying all; null where none does. */
function bruteForce(candidates: readonly Candidate[], ask: Ask): number | null {
  let least: number | null = null;
  for (let set = 0; set < 2 ** candidates.length; set++) {
    const chosen = candidates.filter((_, at) => (set >> at) % 2 === 1);
    if (isMet(ask, chosen)) least = Math.min(least ?? chosen.length, chosen.length);
  }
  return least;
}

function chosenFrom(candidates: readonly Candidate[], ask: Ask): readonly Candidate[] | null {
  const choice = choose(candidates, ask, NOON);
  if (choice.kind === 'unmet') return null;
  const taken = new Set(choice.taken.map(({ builder }) => builder));
  return candidates.filter(({ builder }) => taken.has(builder));
}

describe('any choice', () => {
  test('meets every demand with as few as trying all of them finds, or nothing could', () => {
    fc.assert(
      fc.property(candidatesArb, askArb, (candidates, ask) => {
        const chosen = chosenFrom(candidates, ask);
        expect(chosen?.length ?? null).toBe(bruteForce(candidates, ask));
        if (chosen !== null) expect(isMet(ask, chosen)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same, with the same reasons, in whatever order the builders come', () => {
    const shuffled = candidatesArb.chain((candidates) =>
      fc.tuple(
        fc.constant(candidates),
        fc.shuffledSubarray(candidates, { minLength: candidates.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, askArb, ([candidates, other], ask) => {
        expect(choose(other, ask, NOON)).toEqual(choose(candidates, ask, NOON));
      }),
      { numRuns: 300 },
    );
  });

  test('gives everybody a reason, once', () => {
    fc.assert(
      fc.property(candidatesArb, askArb, (candidates, ask) => {
        const choice = choose(candidates, ask, { ...NOON, asFarAsPossible: true });
        const told = [...(choice.kind === 'chosen' ? choice.taken : []), ...choice.left];
        expect(told.map(({ builder }) => builder).toSorted()).toEqual(
          candidates.map(({ builder }) => builder).toSorted(),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('of too many to try has nobody to spare', () => {
    fc.assert(
      fc.property(candidatesArb, askArb, (candidates, ask) => {
        fc.pre(isMet(ask, candidates));
        const start = Coverage.of(demandsOf(ask), []);
        const chosen = fewest(candidates, start, 0);
        expect(isMet(ask, chosen)).toBe(true);
        for (const spare of chosen) {
          expect(
            isMet(
              ask,
              chosen.filter((one) => one !== spare),
            ),
          ).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a thousand builders are chosen from in moments', () => {
  const many = Array.from({ length: 1000 }, (_, at) =>
    candidate(`b${at}`, {
      operator: `o${at % 300}`,
      tags: [`t${at % 7}`],
      facts: { virtualisation: ['none', 'kvm', 'xen', 'vmware'][at % 4] ?? null },
    }),
  );
  const ask: Ask = {
    operators: 12,
    atLeast: [{ count: 3, where: { tags: ['t3'] } }],
    distinct: [{ fact: 'hypervisor', count: 3 }],
  };
  const began = performance.now();
  expect(choose(many, ask, NOON)).toMatchObject({ kind: 'chosen' });
  expect(performance.now() - began).toBeLessThan(5000);
});
