import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAUSES } from '../causes/catalogue.js';
import { fileAt } from '../classes/excerpt.fixture.js';
import { DIFFERENCE_CLASSES, type Comparison, type Finding } from '../difference.js';
import type { ArtifactExplanation, FactValue, Observation } from '../explanation.js';
import { explainArtifact } from '../paragraph/explain-artifact.js';

const NAMES = [...new Set(CAUSES.flatMap(({ facts }) => facts)), 'x.one', 'x.two'];
const SIDES = ['a', 'b', 'c'];

/** Builders of two or three clusters; of each fact some follow their cluster, some chance. */
const buildersArb = fc
  .record({
    clusters: fc.array(fc.constantFrom(...SIDES), { minLength: 2, maxLength: 18 }),
    facts: fc.subarray(NAMES, { maxLength: 6 }),
  })
  .filter(({ clusters }) => new Set(clusters).size > 1)
  .chain(({ clusters, facts }) =>
    fc.tuple(
      ...clusters.map((cluster, at) =>
        fc
          .array(
            // Two values: of three numbers sizes are compared as well, and of texts none.
            fc.oneof(fc.constantFrom(1, 2, null), fc.constant(cluster === 'a' ? 1 : 2)),
            { minLength: facts.length, maxLength: facts.length },
          )
          .map((values): Observation => ({
            ...{ builder: `builder ${at}`, cluster },
            facts: Object.fromEntries(facts.map((name, index) => [name, values[index] ?? null])),
          })),
      ),
    ),
  );

const sideArb = fc.constantFrom({ mode: '0755' }, { mode: '0700' }, { uid: 1 }, { uid: 2 });
const findingArb: fc.Arbitrary<Finding> = fc
  .record({
    class: fc.constantFrom(...DIFFERENCE_CLASSES),
    aspect: fc.constantFrom('content', 'mode', 'owner', 'time', 'order', 'header'),
    path: fc.constantFrom('etc/a', 'usr/b', 'VERSION.TXT'),
    left: sideArb,
    right: sideArb,
    seenFacts: fc.subarray(NAMES, { maxLength: 1 }),
  })
  .map(({ class: kind, aspect, path, left, right, seenFacts }) => ({
    ...{ class: kind, detail: 'x', seenFacts },
    difference: fileAt(path, { aspects: [aspect], left, right }),
  }));

const splitArb = fc.record({
  observations: buildersArb,
  findings: fc.array(findingArb, { maxLength: 4 }),
});

type Split = typeof splitArb extends fc.Arbitrary<infer T> ? T : never;

function explain(
  { observations, findings }: Split,
  mirror: (comparison: Comparison) => Comparison = (same) => same,
): ArtifactExplanation {
  const [left = '', right = ''] = [...new Set(observations.map(({ cluster }) => cluster))];
  const comparisons = findings.length === 0 ? [] : [mirror({ left, right, findings })];
  return explainArtifact({ artifact: 'guestos/update-img', observations, comparisons });
}

function mirrored({ left, right, findings }: Comparison): Comparison {
  return {
    ...{ left: right, right: left },
    findings: findings.map((finding) => {
      const { difference } = finding;
      return {
        ...finding,
        difference: { ...difference, left: difference.right, right: difference.left },
      };
    }),
  };
}

test('a split is explained alike whichever of two clusters is the left one', () => {
  fc.assert(
    fc.property(splitArb, (split) => {
      expect(explain(split, mirrored)).toMatchObject({
        ...explain(split),
        findings: expect.any(Array) as Finding[],
      });
    }),
    { numRuns: 200 },
  );
});

test('a value is the same as a number and as a text', () => {
  const isTextArb = fc.infiniteStream(fc.boolean());
  fc.assert(
    fc.property(splitArb, isTextArb, (split, isText) => {
      const told = (value: FactValue): FactValue =>
        value !== null && isText.next().value === true ? String(value) : value;
      const observations = split.observations.map((each) => ({
        ...each,
        facts: Object.fromEntries(
          Object.entries(each.facts).map(([name, value]) => [name, told(value)]),
        ),
      }));
      const [a, b] = [explain(split), explain({ ...split, observations })];
      expect([b.conclusion, b.suspicions]).toEqual([a.conclusion, a.suspicions]);
      expect(b.paragraph).toBe(a.paragraph);
    }),
    { numRuns: 200 },
  );
});
