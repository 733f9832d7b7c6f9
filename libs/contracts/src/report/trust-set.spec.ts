import { describe, expect, test } from 'vitest';
import { withBuilt } from './built.fixture.js';
import { deployment, GUEST, HOST, seedSplit } from './report.fixture.js';
import { queryOf, recountFor, trustSetOf } from './trust-set.js';
import { trustSetFor, trustVerdictOf } from './trust-verdict.js';

const report = withBuilt(seedSplit());
const everybody = ['alice', 'bob', 'carol', 'dan', 'erin'];

describe('a trust set', () => {
  test('is read of a query as it was written', () => {
    const set = { operators: ['alice', 'b&b=ö/#'], threshold: '2/3' };
    expect(trustSetOf(new URLSearchParams(queryOf(set)))).toEqual(set);
    expect(queryOf({ operators: ['alice', 'bob'], threshold: '2/3' })).toBe(
      'trust=alice&trust=bob&threshold=2/3',
    );
  });

  test('of nobody is none, and without a threshold asks for two thirds', () => {
    expect(trustSetOf(new URLSearchParams('threshold=3&trust='))).toBeNull();
    expect(trustSetOf(new URLSearchParams('trust=a&trust=a'))).toEqual({
      operators: ['a'],
      threshold: '2/3',
    });
  });

  test('that a query leaves open is the round’s own', () => {
    const own = { operators: everybody, threshold: '3' };
    expect(trustSetFor(report, new URLSearchParams())).toEqual(own);
  });
});

describe('a recount', () => {
  test('by the round’s own policy comes to what the round came to', () => {
    const verdict = trustVerdictOf(report, { operators: everybody, threshold: '3' });
    expect(verdict.artifacts).toEqual(report.artifacts);
    expect(verdict).toMatchObject({ changed: [], headline: report.headline });
  });

  test('for alice and bob alone reproduces what all together split on', () => {
    const verdict = trustVerdictOf(report, { operators: ['bob', 'alice'], threshold: '2' });
    const policy = { operators: ['alice', 'bob'], threshold: '2', needed: 2, eligible: 2 };
    expect(verdict.policy).toEqual(policy);
    expect(verdict.changed.map(({ artifact, from }) => [artifact, from])).toContainEqual([
      HOST,
      'split',
    ]);
    expect(verdict.changed.map(({ artifact }) => artifact)).not.toContain(GUEST);
  });

  test.each([
    ['1', ['alice', 'bob'], 'THRESHOLD_TOO_LOW'],
    ['2', everybody, 'THRESHOLD_TOO_LOW'],
    ['4', ['alice', 'bob'], 'THRESHOLD_OUT_OF_REACH'],
    ['most', everybody, 'BAD_THRESHOLD'],
    ['2', ['alice', 'mallory'], 'OPERATOR_NOT_ASKED'],
  ])('by %s of %j is refused: %s', (threshold, operators, code) => {
    expect(() => recountFor(report, { operators, threshold })).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  test('is made of the report of a round that tells what was built, and of no other', () => {
    const set = { operators: everybody, threshold: '3' };
    const refused = expect.objectContaining({ code: 'NOT_RECOUNTABLE' }) as Error;
    expect(() => recountFor(deployment(), set)).toThrow(refused);
    expect(() => recountFor(seedSplit(), set)).toThrow(refused);
  });
});
