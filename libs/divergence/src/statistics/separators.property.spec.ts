import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FactValue, Observation } from '../explanation.js';
import { ExactTables } from './exact-tables.js';
import { separators, type Separators } from './separators.js';

const FACTS = ['kernel', 'system', 'umask', 'memory'];
const tables = new ExactTables();
const anyValue = fc.constantFrom<FactValue>('p', 'q', 'r', 4, 8, null);

/** A round of two or three clusters and some operators; facts follow their clusters, or chance. */
const roundArb = (prefix: string): fc.Arbitrary<Observation[]> =>
  fc
    .array(
      fc.record({
        cluster: fc.constantFrom('a', 'b', 'c'),
        operator: fc.constantFrom(undefined, undefined, 'ann', 'bea'),
        values: fc.array(fc.option(anyValue, { nil: undefined }), { minLength: 4, maxLength: 4 }),
      }),
      { minLength: 3, maxLength: 11 },
    )
    .map((told) =>
      told.map(({ cluster, operator, values }, at) => ({
        ...{ builder: `${prefix}-${at}`, cluster },
        ...(operator !== undefined && { operator }),
        facts: Object.fromEntries(
          FACTS.map((name, index) => {
            const value = values[index];
            return [name, value === undefined ? `of ${cluster}` : value];
          }),
        ),
      })),
    )
    .filter((told) => new Set(told.map(({ cluster }) => cluster)).size > 1);

/** How strongly each fact of a group that is no mere chance parts the clusters. */
function strengths({ groups }: Separators): readonly string[] {
  return groups
    .filter(({ correctedP }) => correctedP < 0.3)
    .map((group) => {
      const names = group.facts.map(({ name }) => name).sort();
      const { pValue, correctedP, isPerfect, trivial, missing, rounds } = group;
      return JSON.stringify([names, pValue, correctedP, isPerfect, trivial, missing, rounds]);
    })
    .sort();
}

test('what builders, operators and clusters are called makes no fact stronger', () => {
  fc.assert(
    fc.property(roundArb('now'), roundArb('then'), fc.nat(96), (now, then, seed) => {
      const renamed = (round: readonly Observation[]): Observation[] =>
        round.map((each, at) => ({
          ...each,
          builder: `${(at * 31 + seed) % 97} ${each.builder}`,
          cluster: { a: 'z', b: 'y', c: 'x' }[each.cluster] ?? '',
          ...(each.operator !== undefined && { operator: `the other ${each.operator}` }),
        }));
      const before = separators(now, { earlier: [then], tables });
      const after = separators(renamed(now), { earlier: [renamed(then)], tables });
      expect(after).toMatchObject({ waysTried: before.waysTried, smallestP: before.smallestP });
      expect(strengths(after)).toEqual(strengths(before));
    }),
    { numRuns: 600 },
  );
});
